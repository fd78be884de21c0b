#include "ops/common/cpu/softmax.h"
#include "ops/log_softmax/op.h"

namespace weft::ops::log_softmax {

std::span<const KernelDef> CpuKernels() { return kSoftmaxKernels<LogSoftmaxOp, SoftmaxKind::kLogSoftmax>; }

}  // namespace weft::ops::log_softmax
