#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/strided_copy.h"
#include "ops/transpose/op.h"

namespace weft::ops::transpose {
namespace {

Strides InputStrides(const KernelNode& node) {
  const Operand& x = node.inputs[0];
  const Strides of_x = StridesOf(x);
  Strides strides;
  for (int64_t p : ResolvedPerm(node.attrs<TransposeOp>(), x.rank())) {
    strides.push_back(of_x[static_cast<size_t>(p)]);
  }
  return strides;
}

constexpr KernelDef kKernels[] = {
    {.name = "tiles",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node,
                   const KernelContext& context) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& y = node.outputs[0];
       return CopyKernel(y.dtype, y.shape, InputStrides(node), StridesOf(y), 0, context);
     },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& y = node.outputs[0];
       return PlainCopyKernel(y.dtype, y.shape, InputStrides(node), StridesOf(y));
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::transpose
