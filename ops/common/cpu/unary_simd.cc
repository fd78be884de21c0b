#include "ops/common/cpu/unary_simd.h"

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/broadcast_plan.h"
#include "ops/common/cpu/element_loops.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/unary_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ops/common/cpu/activations-inl.h"
#include "ops/common/cpu/simd_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {

template <class Function>
void Loop(const float* x, float* y, int64_t n, float parameter) {
  const VF32 p = hn::Set(F32(), parameter);
  SimdLoop([p](F32 d, VF32 v) HWY_ATTR { return Function()(d, v, p); }, y, n, Stepping{x});
}

struct ExpOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return Exp(d, x); }
};
struct LogOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return Log(d, x); }
};
struct ErfOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return Erf(d, x); }
};
struct TanhOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return Tanh(d, x); }
};
struct SigmoidOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return Sigmoid(d, x); }
};
struct SwishOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32 alpha) const {
    return hn::Mul(x, Sigmoid(d, hn::Mul(x, alpha)));
  }
};
struct GeluOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const {
    const VF32 inner = Erf(d, hn::Mul(x, hn::Set(d, 0.707106781F)));
    const VF32 half = hn::Set(d, 0.5F);
    return hn::Mul(x, hn::MulAdd(half, inner, half));
  }
};
struct GeluTanhOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const {
    const VF32 cubic = hn::MulAdd(hn::Mul(x, x), hn::Mul(x, hn::Set(d, 0.044715F)), x);
    const VF32 inner = Tanh(d, hn::Mul(cubic, hn::Set(d, 0.797884561F)));
    const VF32 half = hn::Set(d, 0.5F);
    return hn::Mul(x, hn::MulAdd(half, inner, half));
  }
};
struct NegOf {
  HWY_INLINE VF32 operator()(F32, VF32 x, VF32) const { return hn::Neg(x); }
};
struct AbsOf {
  HWY_INLINE VF32 operator()(F32, VF32 x, VF32) const { return hn::Abs(x); }
};
struct SqrtOf {
  HWY_INLINE VF32 operator()(F32, VF32 x, VF32) const { return hn::Sqrt(x); }
};
struct ReciprocalOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const { return hn::Div(hn::Set(d, 1.0F), x); }
};
struct ReluOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 x, VF32) const {
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  }
};

UnaryLoop SelectUnary(UnaryFunction function) {
  switch (function) {
    case UnaryFunction::kNeg:
      return &Loop<NegOf>;
    case UnaryFunction::kAbs:
      return &Loop<AbsOf>;
    case UnaryFunction::kSqrt:
      return &Loop<SqrtOf>;
    case UnaryFunction::kReciprocal:
      return &Loop<ReciprocalOf>;
    case UnaryFunction::kRelu:
      return &Loop<ReluOf>;
    case UnaryFunction::kExp:
      return &Loop<ExpOf>;
    case UnaryFunction::kLog:
      return &Loop<LogOf>;
    case UnaryFunction::kErf:
      return &Loop<ErfOf>;
    case UnaryFunction::kSigmoid:
      return &Loop<SigmoidOf>;
    case UnaryFunction::kTanh:
      return &Loop<TanhOf>;
    case UnaryFunction::kSwish:
      return &Loop<SwishOf>;
    case UnaryFunction::kGelu:
      return &Loop<GeluOf>;
    case UnaryFunction::kGeluTanh:
      return &Loop<GeluTanhOf>;
  }
  return nullptr;
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(SelectUnary);

UnaryLoop UnaryLoopOf(UnaryFunction function) { return HWY_DYNAMIC_DISPATCH(SelectUnary)(function); }

std::string AcceptsSimdUnary(const KernelNode& node) {
  const DataType dtype = node.inputs[0].dtype;
  return IsF32OrBf16(node.inputs[0]) ? "" : fmt::format("{} is left to the plain kernel", Name(dtype));
}

namespace {

// bf16, chunk by chunk through buffers in the first cache.
std::unique_ptr<Kernel> PrepareNarrow(UnaryLoop loop, float parameter, int64_t grain, const KernelNode& node,
                                      int threads) {
  return MakeKernel([plan = BroadcastPlan<2>(node), loop, parameter, grain, threads](const KernelArgs& args) {
    ParallelFor(plan.num_elements(), threads, grain, [&](int64_t begin, int64_t end, int) {
      alignas(64) float x[kBf16Chunk], y[kBf16Chunk];
      plan.ForRange(begin, end, [&](const std::array<int64_t, 2>& at, int64_t run) {
        for (int64_t i = 0; i < run; i += kBf16Chunk) {
          const int64_t n = std::min(kBf16Chunk, run - i);
          WidenBf16(args.in<uint16_t>(0) + at[1] + i, n, x);
          loop(x, y, n, parameter);
          NarrowToBf16(y, n, args.out<uint16_t>(0) + at[0] + i);
        }
      });
    });
    return OkStatus();
  });
}

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PrepareSimdUnary(UnaryFunction function, float parameter,
                                                   const KernelNode& node, const KernelContext& context) {
  const UnaryLoop loop = UnaryLoopOf(function);
  // What a thread must have to do to be worth waking.
  const int64_t grain = function >= UnaryFunction::kExp ? 1 << 13 : 1 << 15;
  if (node.inputs[0].dtype == DataType::kBF16)
    return PrepareNarrow(loop, parameter, grain, node, context.threads);
  return MakeKernel([plan = BroadcastPlan<2>(node), loop, parameter, grain,
                     threads = context.threads](const KernelArgs& args) {
    const float* x = args.in<float>(0);
    float* y = args.out<float>(0);
    ParallelFor(plan.num_elements(), threads, grain, [&](int64_t begin, int64_t end, int) {
      plan.ForRange(begin, end, [&](const std::array<int64_t, 2>& offsets, int64_t n) {
        loop(x + offsets[1], y + offsets[0], n, parameter);
      });
    });
    return OkStatus();
  });
}

}  // namespace weft::ops
#endif
