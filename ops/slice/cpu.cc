#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/strided_copy.h"
#include "ops/slice/op.h"

namespace weft::ops::slice {
namespace {

// The element that the slice begins with, and the strides between its elements.
void Locate(const KernelNode& node, Strides* strides, int64_t* first) {
  const Operand& x = node.inputs[0];
  *strides = StridesOf(x);
  *first = 0;
  const std::vector<SliceRange> ranges = SliceRanges(node.attrs<SliceOp>(), ToDims(x.shape));
  for (size_t i = 0; i < ranges.size(); ++i) {
    *first += ranges[i].start.value() * (*strides)[i];
    (*strides)[i] *= node.outputs[0].shape[i] > 1 ? ranges[i].step : 0;
  }
}

constexpr KernelDef kKernels[] = {
    {.name = "runs",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node,
                   const KernelContext& context) -> StatusOr<std::unique_ptr<Kernel>> {
       Strides strides;
       int64_t first = 0;
       Locate(node, &strides, &first);
       const Operand& y = node.outputs[0];
       return CopyKernel(y.dtype, y.shape, strides, StridesOf(y), first, context);
     },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       Strides strides;
       int64_t first = 0;
       Locate(node, &strides, &first);
       const Operand& y = node.outputs[0];
       return PlainCopyKernel(y.dtype, y.shape, strides, StridesOf(y), first);
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::slice
