// Kernels for nodes with bf16 operands: an operator's own, or its f32 kernel between conversions.
#pragma once
#include "ops/kernel.h"

namespace weft {

// The first CPU kernel of the node's operator that takes it. Where operands are bf16 and none takes those,
// the kernel of the same node in f32, whose bf16 operands are widened before it and rounded behind it, all of
// them, in the workspace: correct for every operator, and the reference where there is a faster one.
StatusOr<const KernelDef*> SelectCpuKernel(const KernelNode& node, const KernelContext& context);

}  // namespace weft
