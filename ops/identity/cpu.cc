#include "ops/common/cpu/copy.h"
#include "ops/identity/op.h"

namespace weft::ops::identity {
namespace {

constexpr KernelDef kKernels[] = {kPlainReshape};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::identity
