#include "ops/common/cpu/copy.h"
#include "ops/reshape/op.h"

namespace weft::ops::reshape {
namespace {

constexpr KernelDef kKernels[] = {kRunsReshape, kPlainReshape};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reshape
