#include "ops/common/cpu/softmax.h"
#include "ops/softmax/op.h"

namespace weft::ops::softmax {

std::span<const KernelDef> CpuKernels() { return kSoftmaxKernels<SoftmaxOp, SoftmaxKind::kSoftmax>; }

}  // namespace weft::ops::softmax
