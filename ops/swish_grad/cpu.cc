#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/sigmoid.h"
#include "ops/swish_grad/op.h"

namespace weft::ops::swish_grad {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdBinary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareSimdBinary(BinaryFunction::kSwishGrad, node.attrs<SwishGradOp>().alpha, node,
                                    context);
         },
     .pitched = true,
     .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const T alpha = node.attrs<SwishGradOp>().alpha;
         return PlainBinaryKernel<T, T, T>(node, [alpha](T dy, T x) { return dy * SwishSlope(alpha * x); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swish_grad
