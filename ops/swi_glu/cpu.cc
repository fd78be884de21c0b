#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/sigmoid.h"
#include "ops/swi_glu/op.h"

namespace weft::ops::swi_glu {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdBinary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareSimdBinary(BinaryFunction::kSwiGlu, node.attrs<SwiGluOp>().alpha, node, context);
         },
     .pitched = true,
     .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const T alpha = node.attrs<SwiGluOp>().alpha;
         return PlainBinaryKernel<T, T, T>(
             node, [alpha](T gate, T up) { return gate * SigmoidOf(alpha * gate) * up; });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swi_glu
