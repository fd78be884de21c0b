#include "ops/cast/cpu_simd.h"

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/cast/cpu_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef WEFT_OPS_CAST_CPU_SIMD_CC_
#define WEFT_OPS_CAST_CPU_SIMD_CC_
namespace weft::ops::cast {
using CastLoop = void (*)(const void* from, void* to, int64_t begin, int64_t end);
}  // namespace weft::ops::cast
#endif

HWY_BEFORE_NAMESPACE();
namespace weft::ops::cast::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using I32 = hn::RebindToSigned<F32>;
using U8 = hn::Rebind<uint8_t, F32>;

void FloatsToBf16(const void* from, void* to, int64_t begin, int64_t end) {
  NarrowToBf16(static_cast<const float*>(from) + begin, end - begin, static_cast<uint16_t*>(to) + begin);
}

void Bf16ToFloats(const void* from, void* to, int64_t begin, int64_t end) {
  WidenBf16(static_cast<const uint16_t*>(from) + begin, end - begin, static_cast<float*>(to) + begin);
}

void BoolsToFloats(const void* from, void* to, int64_t begin, int64_t end) {
  const auto* x = static_cast<const uint8_t*>(from);
  auto* y = static_cast<float*>(to);
  const auto lanes = static_cast<int64_t>(hn::Lanes(F32()));
  int64_t i = begin;
  for (; i + lanes <= end; i += lanes) {
    const auto flags = hn::PromoteTo(I32(), hn::LoadU(U8(), x + i));
    hn::StoreU(hn::ConvertTo(F32(), flags), F32(), y + i);
  }
  for (; i < end; ++i) y[i] = x[i];
}

CastLoop SelectCast(DataType from, DataType to) {
  if (from == DataType::kF32 && to == DataType::kBF16) return &FloatsToBf16;
  if (from == DataType::kBF16 && to == DataType::kF32) return &Bf16ToFloats;
  if (from == DataType::kBool && to == DataType::kF32) return &BoolsToFloats;
  return nullptr;
}

}  // namespace
}  // namespace weft::ops::cast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops::cast {

HWY_EXPORT(SelectCast);

std::string AcceptsSimd(const KernelNode& node) {
  const DataType from = node.inputs[0].dtype, to = node.outputs[0].dtype;
  if (HWY_DYNAMIC_DISPATCH(SelectCast)(from, to) != nullptr) return "";
  return fmt::format("{} to {} is left to the plain kernel", Name(from), Name(to));
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const CastLoop loop = HWY_DYNAMIC_DISPATCH(SelectCast)(node.inputs[0].dtype, node.outputs[0].dtype);
  return MakeKernel([loop, n = node.outputs[0].num_elements(),
                     threads = context.threads](const KernelArgs& args) {
    ParallelFor(n, threads, 1 << 15,
                [&](int64_t begin, int64_t end, int) { loop(args.inputs[0], args.outputs[0], begin, end); });
    return OkStatus();
  });
}

}  // namespace weft::ops::cast
#endif
