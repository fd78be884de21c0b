#include "ops/common/cpu/parts.h"
#include "ops/concat/op.h"

namespace weft::ops::concat {

std::span<const KernelDef> CpuKernels() { return kPartsKernels<ConcatOp, PartsCopy::kJoin>; }

}  // namespace weft::ops::concat
