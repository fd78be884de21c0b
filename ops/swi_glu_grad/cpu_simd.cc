#include "ops/swi_glu_grad/cpu_simd.h"

#include <algorithm>
#include <array>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/highway_targets.h"
#include "ops/swi_glu_grad/cpu_rows.h"
#include "ops/swi_glu_grad/op.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/swi_glu_grad/cpu_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ops/common/cpu/activations-inl.h"
#include "ops/common/cpu/simd_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {

// n elements of dy, gate, up to dgate, dup, which may take the place of gate and up: a vector's operands are
// all loaded before anything of it is stored, and the last, shorter one goes through buffers.
void SwiGluGradients(const float* dy, const float* gate, const float* up, float* dgate, float* dup, int64_t n,
                     float alpha) {
  const F32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const VF32 a = hn::Set(d, alpha), one = hn::Set(d, 1.0F);
  const auto compute = [&](VF32 vdy, VF32 vgate, VF32 vup, VF32* out_up) HWY_ATTR {
    const VF32 z = hn::Mul(a, vgate);
    const auto sigmoid = SigmoidBoth(d, z);
    *out_up = hn::Mul(hn::Mul(vdy, vgate), sigmoid.s);
    const VF32 slope = hn::Mul(sigmoid.s, hn::MulAdd(z, sigmoid.one_less_s, one));
    return hn::Mul(hn::Mul(vdy, vup), slope);
  };
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    VF32 out_up = hn::Zero(d);
    const VF32 out_gate =
        compute(hn::LoadU(d, dy + i), hn::LoadU(d, gate + i), hn::LoadU(d, up + i), &out_up);
    hn::StoreU(out_gate, d, dgate + i);
    hn::StoreU(out_up, d, dup + i);
  }
  if (i == n) return;
  VF32 out_up = hn::Zero(d);
  const VF32 out_gate = compute(Stepping{dy + i}.LoadFirst(n - i), Stepping{gate + i}.LoadFirst(n - i),
                                Stepping{up + i}.LoadFirst(n - i), &out_up);
  StoreFirst(out_gate, dgate + i, n - i);
  StoreFirst(out_up, dup + i, n - i);
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {
HWY_EXPORT(SwiGluGradients);

namespace swi_glu_grad {

namespace {

using Loop = void (*)(const float* dy, const float* gate, const float* up, float* dgate, float* dup,
                      int64_t n, float alpha);

// Where an operand is bf16: chunk by chunk through buffers in the first cache.
std::unique_ptr<Kernel> PrepareNarrow(Loop loop, const KernelNode& node, int threads, int64_t grain) {
  const float alpha = node.attrs<SwiGluGradOp>().alpha;
  const std::array<DataType, 5> types = {node.inputs[0].dtype, node.inputs[1].dtype, node.inputs[2].dtype,
                                         node.outputs[0].dtype, node.outputs[1].dtype};
  return MakeKernel([=, rows = PitchedRows(node)](const KernelArgs& args) {
    const FloatInput dy(args.inputs[0], types[0]), gate(args.inputs[1], types[1]),
        up(args.inputs[2], types[2]);
    const FloatOutput dgate(args.outputs[0], types[3]), dup(args.outputs[1], types[4]);
    ParallelFor(rows.num_elements(), threads, grain, [&](int64_t begin, int64_t end, int) {
      alignas(64) float chunk[5][kBf16Chunk];
      rows.ForRange(begin, end, [&](const std::array<int64_t, 5>& at, int64_t n) {
        for (int64_t i = 0; i < n; i += kBf16Chunk) {
          const int64_t count = std::min(kBf16Chunk, n - i);
          loop(dy.Row(at[0] + i, count, chunk[0]), gate.Row(at[1] + i, count, chunk[1]),
               up.Row(at[2] + i, count, chunk[2]), dgate.Row(at[3] + i, chunk[3]),
               dup.Row(at[4] + i, chunk[4]), count, alpha);
          dgate.Done(at[3] + i, count, chunk[3]);
          dup.Done(at[4] + i, count, chunk[4]);
        }
      });
    });
    return OkStatus();
  });
}

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const auto loop = HWY_DYNAMIC_DISPATCH(SwiGluGradients);
  const float alpha = node.attrs<SwiGluGradOp>().alpha;
  constexpr int64_t kGrain = 1 << 13;
  const auto is_narrow = [](const Operand& o) { return o.dtype == DataType::kBF16; };
  if (std::any_of(node.inputs.begin(), node.inputs.end(), is_narrow))
    return PrepareNarrow(loop, node, context.threads, kGrain);
  const PitchedRows rows(node);
  return MakeKernel([loop, alpha, rows, threads = context.threads](const KernelArgs& args) {
    ParallelFor(rows.num_elements(), threads, kGrain, [&](int64_t begin, int64_t end, int) {
      rows.ForRange(begin, end, [&](const std::array<int64_t, 5>& at, int64_t n) {
        loop(args.in<float>(0) + at[0], args.in<float>(1) + at[1], args.in<float>(2) + at[2],
             args.out<float>(0) + at[3], args.out<float>(1) + at[4], n, alpha);
      });
    });
    return OkStatus();
  });
}

}  // namespace swi_glu_grad
}  // namespace weft::ops
#endif
