#include "ops/common/cpu/unary.h"
#include "ops/logical_not/op.h"

namespace weft::ops::logical_not {
namespace {

constexpr KernelDef kKernels[] = {
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return PlainUnaryKernel<bool, bool>(node, [](bool x) { return !x; });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::logical_not
