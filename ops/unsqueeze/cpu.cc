#include "ops/common/cpu/copy.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops::unsqueeze {
namespace {

constexpr KernelDef kKernels[] = {kRunsReshape, kPlainReshape};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::unsqueeze
