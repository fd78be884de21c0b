#include <cmath>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/swish_grad/op.h"

namespace weft::ops::swish_grad {
namespace {

template <class T>
T SwishGrad(T dy, T x, T alpha) {
  const T z = alpha * x;
  const T e = std::exp(-std::fabs(z));  // does not overflow
  const T s = (z < 0 ? e : T{1}) / (T{1} + e);
  const T one_less_s = (z < 0 ? T{1} : e) / (T{1} + e);
  return dy * (s * (T{1} + z * one_less_s));
}

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdBinary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareSimdBinary(BinaryFunction::kSwishGrad, node.attrs<SwishGradOp>().alpha, node,
                                    context);
         },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const T alpha = node.attrs<SwishGradOp>().alpha;
         return PlainBinaryKernel<T, T, T>(node, [alpha](T dy, T x) { return SwishGrad(dy, x, alpha); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swish_grad
