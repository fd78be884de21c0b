#include "ops/attention/cpu_kernels.h"

namespace weft::ops::attention {

static constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::attention
