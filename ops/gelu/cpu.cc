#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/gelu/op.h"

namespace weft::ops::gelu {
namespace {

template <class T>
T Gelu(T x, bool tanh) {
  constexpr T kSqrtHalf = 0.7071067811865476, kSqrtTwoOverPi = 0.7978845608028654, kCubic = 0.044715;
  const T inner = tanh ? std::tanh(kSqrtTwoOverPi * (x + kCubic * x * x * x)) : std::erf(x * kSqrtHalf);
  return x * (T{0.5} * (T{1} + inner));
}

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdUnary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           const bool tanh = node.attrs<GeluOp>().approximate == "tanh";
           return PrepareSimdUnary(tanh ? UnaryFunction::kGeluTanh : UnaryFunction::kGelu, 0, node, context);
         },
     .pitched = true,
     .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const bool tanh = node.attrs<GeluOp>().approximate == "tanh";
         return PlainUnaryKernel<T, T>(node, [tanh](T x) { return Gelu(x, tanh); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::gelu
