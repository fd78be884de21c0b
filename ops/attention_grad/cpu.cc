#include "ops/attention_grad/cpu_kernels.h"

namespace weft::ops::attention_grad {

static constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::attention_grad
