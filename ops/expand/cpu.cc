#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/strided_copy.h"
#include "ops/expand/op.h"

namespace weft::ops::expand {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "runs",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node,
                   const KernelContext& context) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& y = node.outputs[0];
       return CopyKernel(y.dtype, y.shape, StridesOf(node.inputs[0], y.shape.size()), StridesOf(y), 0,
                         context);
     },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& y = node.outputs[0];
       return PlainCopyKernel(y.dtype, y.shape, StridesOf(node.inputs[0], y.shape.size()), StridesOf(y));
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::expand
