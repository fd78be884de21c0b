#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/compare_simd.h"
#include "ops/greater/op.h"

namespace weft::ops::greater {
namespace {

constexpr KernelDef kKernels[] = {
    SimdCompare<Comparison::kGreater>(),
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchAnyNumber(node.inputs[0].dtype, [&]<class T>(T) {
         return PlainBinaryKernel<T, T, bool>(node, [](T a, T b) { return a > b; });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::greater
