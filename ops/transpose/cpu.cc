#include "ops/common/cpu/copy.h"
#include "ops/transpose/op.h"

namespace weft::ops::transpose {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& x = node.inputs[0];
       const Strides of_x = StridesOf(x);
       Strides strides;
       for (int64_t p : ResolvedPerm(node.attrs<TransposeOp>(), x.rank())) {
         strides.push_back(of_x[static_cast<size_t>(p)]);
       }
       return PlainCopyKernel(x.dtype, node.outputs[0].shape, strides, StridesOf(node.outputs[0]));
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::transpose
