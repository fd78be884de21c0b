#include "ops/common/cpu/binary_simd.h"

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/broadcast_plan.h"
#include "ops/common/cpu/element_loops.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/binary_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ops/common/cpu/activations-inl.h"
#include "ops/common/cpu/simd_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {

template <class Function, class A, class B>
HWY_INLINE void Run(const A& a, const B& b, float* y, int64_t n, float parameter) {
  const VF32 p = hn::Set(F32(), parameter);
  SimdLoop([p](F32 d, VF32 u, VF32 v) HWY_ATTR { return Function()(d, u, v, p); }, y, n, a, b);
}
template <class Function>
void BothStep(const float* a, const float* b, float* y, int64_t n, float parameter) {
  Run<Function>(Stepping{a}, Stepping{b}, y, n, parameter);
}
template <class Function>
void ARepeats(const float* a, const float* b, float* y, int64_t n, float parameter) {
  Run<Function>(Repeating{hn::Set(F32(), *a)}, Stepping{b}, y, n, parameter);
}
template <class Function>
void BRepeats(const float* a, const float* b, float* y, int64_t n, float parameter) {
  Run<Function>(Stepping{a}, Repeating{hn::Set(F32(), *b)}, y, n, parameter);
}
template <class Function>
BinaryLoops LoopsOf() {
  return {&BothStep<Function>, &ARepeats<Function>, &BRepeats<Function>};
}
// Of operands of one shape.
template <class Function>
BinaryLoops OneLoopOf() {
  return {&BothStep<Function>, nullptr, nullptr};
}

struct AddOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const { return hn::Add(a, b); }
};
struct SubOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const { return hn::Sub(a, b); }
};
struct MulOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const { return hn::Mul(a, b); }
};
struct DivOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const { return hn::Div(a, b); }
};
// NaN stays, whichever of them it is.
struct MaxOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const {
    return hn::IfThenElse(hn::Or(hn::Ge(a, b), hn::IsNaN(a)), a, b);
  }
};
struct MinOf {
  HWY_INLINE VF32 operator()(F32, VF32 a, VF32 b, VF32) const {
    return hn::IfThenElse(hn::Or(hn::Le(a, b), hn::IsNaN(a)), a, b);
  }
};
// gate s up, s = sigmoid(alpha gate)
struct SwiGluOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 gate, VF32 up, VF32 alpha) const {
    return hn::Mul(hn::Mul(gate, Sigmoid(d, hn::Mul(alpha, gate))), up);
  }
};
// dy s (1 + z (1 - s)), z = alpha x, s = sigmoid(z)
struct SwishGradOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 dy, VF32 x, VF32 alpha) const {
    const VF32 z = hn::Mul(alpha, x);
    const auto sigmoid = SigmoidBoth(d, z);
    const VF32 slope = hn::Mul(sigmoid.s, hn::MulAdd(z, sigmoid.one_less_s, hn::Set(d, 1.0F)));
    return hn::Mul(dy, slope);
  }
};
// dy (Phi(x) + x phi(x))
struct GeluGradOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 dy, VF32 x, VF32) const {
    const VF32 half = hn::Set(d, 0.5F);
    const VF32 distribution = hn::MulAdd(half, Erf(d, hn::Mul(x, hn::Set(d, 0.707106781F))), half);
    const VF32 e = ExpOfNegative(d, hn::Mul(hn::Mul(x, x), hn::Set(d, -0.5F)));
    return hn::Mul(dy, hn::MulAdd(x, hn::Mul(e, hn::Set(d, 0.398942280F)), distribution));
  }
};
// dy / 2 (1 + t + x (1 - t^2) c (1 + 3 k x^2)), t = tanh(c (x + k x^3))
struct GeluTanhGradOf {
  HWY_INLINE VF32 operator()(F32 d, VF32 dy, VF32 x, VF32) const {
    const VF32 one = hn::Set(d, 1.0F), c = hn::Set(d, 0.797884561F), x2 = hn::Mul(x, x);
    const VF32 t = Tanh(d, hn::Mul(c, hn::MulAdd(hn::Mul(x2, x), hn::Set(d, 0.044715F), x)));
    const VF32 inner = hn::Mul(c, hn::MulAdd(x2, hn::Set(d, 0.134145F), one));
    const VF32 sum = hn::MulAdd(hn::Mul(x, hn::NegMulAdd(t, t, one)), inner, hn::Add(one, t));
    return hn::Mul(dy, hn::Mul(sum, hn::Set(d, 0.5F)));
  }
};

BinaryLoops SelectBinary(BinaryFunction function) {
  switch (function) {
    case BinaryFunction::kAdd:
      return LoopsOf<AddOf>();
    case BinaryFunction::kSub:
      return LoopsOf<SubOf>();
    case BinaryFunction::kMul:
      return LoopsOf<MulOf>();
    case BinaryFunction::kDiv:
      return LoopsOf<DivOf>();
    case BinaryFunction::kMax:
      return LoopsOf<MaxOf>();
    case BinaryFunction::kMin:
      return LoopsOf<MinOf>();
    case BinaryFunction::kSwiGlu:
      return OneLoopOf<SwiGluOf>();
    case BinaryFunction::kSwishGrad:
      return OneLoopOf<SwishGradOf>();
    case BinaryFunction::kGeluGrad:
      return OneLoopOf<GeluGradOf>();
    case BinaryFunction::kGeluTanhGrad:
      return OneLoopOf<GeluTanhGradOf>();
  }
  return {};
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(SelectBinary);

BinaryLoops BinaryLoopsOf(BinaryFunction function) { return HWY_DYNAMIC_DISPATCH(SelectBinary)(function); }

std::string AcceptsSimdBinary(const KernelNode& node) {
  if (node.inputs.size() != 2) return fmt::format("takes two operands, not {}", node.inputs.size());
  for (const Operand& x : node.inputs) {
    if (!IsF32OrBf16(x)) return fmt::format("{} is left to the plain kernel", Name(x.dtype));
  }
  return "";
}

namespace {

// Where an operand is bf16: chunk by chunk through buffers in the first cache.
std::unique_ptr<Kernel> PrepareNarrow(const BroadcastPlan<3>& plan, BinaryLoop loop, float parameter,
                                      int64_t grain, const KernelNode& node, int threads) {
  const DataType a_type = node.inputs[0].dtype, b_type = node.inputs[1].dtype, y_type = node.outputs[0].dtype;
  return MakeKernel([=](const KernelArgs& args) {
    const FloatInput a(args.inputs[0], a_type), b(args.inputs[1], b_type);
    const FloatOutput y(args.outputs[0], y_type);
    ParallelFor(plan.num_elements(), threads, grain, [&](int64_t begin, int64_t end, int) {
      alignas(64) float a_row[kBf16Chunk], b_row[kBf16Chunk], y_row[kBf16Chunk];
      plan.ForRange(begin, end, [&](const std::array<int64_t, 3>& at, int64_t run) {
        for (int64_t i = 0; i < run; i += kBf16Chunk) {
          const int64_t n = std::min(kBf16Chunk, run - i);
          const float* x = plan.repeats(1) ? a.Row(at[1], 1, a_row) : a.Row(at[1] + i, n, a_row);
          const float* z = plan.repeats(2) ? b.Row(at[2], 1, b_row) : b.Row(at[2] + i, n, b_row);
          loop(x, z, y.Row(at[0] + i, y_row), n, parameter);
          y.Done(at[0] + i, n, y_row);
        }
      });
    });
    return OkStatus();
  });
}

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PrepareSimdBinary(BinaryFunction function, float parameter,
                                                    const KernelNode& node, const KernelContext& context) {
  const BinaryLoops loops = BinaryLoopsOf(function);
  BroadcastPlan<3> plan(node);
  const BinaryLoop loop = plan.repeats(1)   ? loops.a_repeats
                          : plan.repeats(2) ? loops.b_repeats
                                            : loops.both_step;
  const int64_t grain = function >= BinaryFunction::kSwiGlu ? 1 << 13 : 1 << 15;
  if (node.inputs[0].dtype != DataType::kF32 || node.inputs[1].dtype != DataType::kF32)
    return PrepareNarrow(plan, loop, parameter, grain, node, context.threads);
  return MakeKernel([plan, loop, parameter, grain, threads = context.threads](const KernelArgs& args) {
    const float* a = args.in<float>(0);
    const float* b = args.in<float>(1);
    float* y = args.out<float>(0);
    ParallelFor(plan.num_elements(), threads, grain, [&](int64_t begin, int64_t end, int) {
      plan.ForRange(begin, end, [&](const std::array<int64_t, 3>& offsets, int64_t n) {
        loop(a + offsets[1], b + offsets[2], y + offsets[0], n, parameter);
      });
    });
    return OkStatus();
  });
}

}  // namespace weft::ops
#endif
