#include "ops/common/cpu/sigmoid.h"
#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/swish/op.h"

namespace weft::ops::swish {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdUnary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareSimdUnary(UnaryFunction::kSwish, node.attrs<SwishOp>().alpha, node, context);
         },
     .pitched = true,
     .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const T alpha = node.attrs<SwishOp>().alpha;
         return PlainUnaryKernel<T, T>(node, [alpha](T x) { return x * SigmoidOf(alpha * x); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swish
