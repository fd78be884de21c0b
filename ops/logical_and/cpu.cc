#include "ops/common/cpu/binary.h"
#include "ops/logical_and/op.h"

namespace weft::ops::logical_and {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return PlainBinaryKernel<bool, bool, bool>(node, [](bool a, bool b) { return a && b; });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::logical_and
