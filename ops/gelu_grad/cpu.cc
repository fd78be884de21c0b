#include <cmath>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/gelu_grad/op.h"

namespace weft::ops::gelu_grad {
namespace {

template <class T>
T Slope(T x) {
  constexpr T kSqrtHalf = 0.7071067811865476, kDensityAtZero = 0.3989422804014327;
  return T{0.5} * (T{1} + std::erf(x * kSqrtHalf)) + x * (kDensityAtZero * std::exp(T{-0.5} * x * x));
}

template <class T>
T SlopeOfTanhForm(T x) {
  constexpr T kSqrtTwoOverPi = 0.7978845608028654, kCubic = 0.044715;
  const T t = std::tanh(kSqrtTwoOverPi * (x + kCubic * x * x * x));
  const T inner = kSqrtTwoOverPi * (T{1} + 3 * kCubic * x * x);
  return T{0.5} * (T{1} + t + x * ((T{1} - t * t) * inner));
}

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdBinary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           const bool tanh = node.attrs<GeluGradOp>().approximate == "tanh";
           return PrepareSimdBinary(tanh ? BinaryFunction::kGeluTanhGrad : BinaryFunction::kGeluGrad, 0, node,
                                    context);
         },
     .pitched = true,
     .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const bool tanh = node.attrs<GeluGradOp>().approximate == "tanh";
         return PlainBinaryKernel<T, T, T>(
             node, [tanh](T dy, T x) { return dy * (tanh ? SlopeOfTanhForm(x) : Slope(x)); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::gelu_grad
