#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/extremum.h"
#include "ops/min/op.h"

namespace weft::ops::min {
namespace {

// NaN stays, whichever of them it is.
constexpr auto kMin = [](auto a, auto b) { return a <= b || a != a ? a : b; };

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kMin>(), PlainExtremum(kMin)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::min
