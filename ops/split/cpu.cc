#include "ops/common/cpu/parts.h"
#include "ops/split/op.h"

namespace weft::ops::split {

std::span<const KernelDef> CpuKernels() { return kPartsKernels<SplitOp, PartsCopy::kSplit>; }

}  // namespace weft::ops::split
