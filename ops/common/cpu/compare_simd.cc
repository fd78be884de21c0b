#include "ops/common/cpu/compare_simd.h"

#include "base/threads.h"
#include "ops/common/cpu/broadcast_plan.h"
#include "ops/common/cpu/element_loops.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/compare_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using VF32 = hn::Vec<F32>;
using I32 = hn::RebindToSigned<F32>;
using U8 = hn::Rebind<uint8_t, F32>;

HWY_INLINE VF32 LoadOrRepeat(const float* x, int64_t i, int64_t step) {
  return step != 0 ? hn::LoadU(F32(), x + i) : hn::Set(F32(), *x);
}

struct EqualOf {
  static HWY_INLINE auto Vector(VF32 a, VF32 b) { return hn::Eq(a, b); }
  static bool Scalar(float a, float b) { return a == b; }
};
struct LessOf {
  static HWY_INLINE auto Vector(VF32 a, VF32 b) { return hn::Lt(a, b); }
  static bool Scalar(float a, float b) { return a < b; }
};
struct GreaterOf {
  static HWY_INLINE auto Vector(VF32 a, VF32 b) { return hn::Gt(a, b); }
  static bool Scalar(float a, float b) { return a > b; }
};

template <class Function>
void Compare(const float* a, const float* b, uint8_t* y, int64_t n, CompareSteps steps) {
  const F32 d;
  const I32 di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto one = hn::BitCast(d, hn::Set(di, 1));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto holds = Function::Vector(LoadOrRepeat(a, i, steps.a), LoadOrRepeat(b, i, steps.b));
    hn::StoreU(hn::DemoteTo(U8(), hn::BitCast(di, hn::IfThenElseZero(holds, one))), U8(), y + i);
  }
  for (; i < n; ++i) y[i] = Function::Scalar(a[i * steps.a], b[i * steps.b]) ? 1 : 0;
}

void WhereOf(const uint8_t* condition, const float* x, const float* y, float* out, int64_t n,
             WhereSteps steps) {
  const F32 d;
  const I32 di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  if (steps.condition == 0) {  // one side is copied
    const float* chosen = *condition != 0 ? x : y;
    const int64_t step = *condition != 0 ? steps.x : steps.y;
    for (; i + lanes <= n; i += lanes) hn::StoreU(LoadOrRepeat(chosen, i, step), d, out + i);
    for (; i < n; ++i) out[i] = chosen[i * step];
    return;
  }
  for (; i + lanes <= n; i += lanes) {
    const auto flags = hn::PromoteTo(di, hn::LoadU(U8(), condition + i));
    const auto holds = hn::RebindMask(d, hn::Ne(flags, hn::Zero(di)));
    hn::StoreU(hn::IfThenElse(holds, LoadOrRepeat(x, i, steps.x), LoadOrRepeat(y, i, steps.y)), d, out + i);
  }
  for (; i < n; ++i) out[i] = condition[i] != 0 ? x[i * steps.x] : y[i * steps.y];
}

CompareLoop SelectCompare(Comparison comparison) {
  if (comparison == Comparison::kEqual) return &Compare<EqualOf>;
  return comparison == Comparison::kLess ? &Compare<LessOf> : &Compare<GreaterOf>;
}

WhereLoop SelectWhere() { return &WhereOf; }

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(SelectCompare);
HWY_EXPORT(SelectWhere);

constexpr int64_t kGrain = 1 << 15;

CompareLoop CompareLoopOf(Comparison comparison) { return HWY_DYNAMIC_DISPATCH(SelectCompare)(comparison); }
WhereLoop WhereLoopOf() { return HWY_DYNAMIC_DISPATCH(SelectWhere)(); }

std::string AcceptsSimdCompare(const KernelNode& node) {
  const DataType dtype = node.inputs[0].dtype;
  return dtype == DataType::kF32 ? "" : fmt::format("{} is left to the plain kernel", Name(dtype));
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimdCompare(Comparison comparison, const KernelNode& node,
                                                     const KernelContext& context) {
  const CompareLoop loop = CompareLoopOf(comparison);
  const BroadcastPlan<3> plan(node);
  const CompareSteps steps{plan.repeats(1) ? 0 : 1, plan.repeats(2) ? 0 : 1};
  return MakeKernel([plan, loop, steps, threads = context.threads](const KernelArgs& args) {
    ParallelFor(plan.num_elements(), threads, kGrain, [&](int64_t begin, int64_t end, int) {
      plan.ForRange(begin, end, [&](const std::array<int64_t, 3>& at, int64_t n) {
        loop(args.in<float>(0) + at[1], args.in<float>(1) + at[2], args.out<uint8_t>(0) + at[0], n, steps);
      });
    });
    return OkStatus();
  });
}

std::string AcceptsSimdWhere(const KernelNode& node) {
  const DataType dtype = node.outputs[0].dtype;
  return SizeInBits(dtype) == 32 ? "" : fmt::format("{} is left to the plain kernel", Name(dtype));
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimdWhere(const KernelNode& node, const KernelContext& context) {
  const WhereLoop loop = WhereLoopOf();
  const BroadcastPlan<4> plan(node);
  const WhereSteps steps{plan.repeats(1) ? 0 : 1, plan.repeats(2) ? 0 : 1, plan.repeats(3) ? 0 : 1};
  return MakeKernel([plan, loop, steps, threads = context.threads](const KernelArgs& args) {
    ParallelFor(plan.num_elements(), threads, kGrain, [&](int64_t begin, int64_t end, int) {
      plan.ForRange(begin, end, [&](const std::array<int64_t, 4>& at, int64_t n) {
        loop(args.in<uint8_t>(0) + at[1], args.in<float>(1) + at[2], args.in<float>(2) + at[3],
             args.out<float>(0) + at[0], n, steps);
      });
    });
    return OkStatus();
  });
}

}  // namespace weft::ops
#endif
