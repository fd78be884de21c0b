#include "ops/common/cpu/copy.h"
#include "ops/squeeze/op.h"

namespace weft::ops::squeeze {
namespace {

constexpr KernelDef kKernels[] = {kRunsReshape, kPlainReshape};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::squeeze
