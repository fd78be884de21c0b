#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/extremum.h"
#include "ops/max/op.h"

namespace weft::ops::max {
namespace {

// NaN stays, whichever of them it is.
constexpr auto kMax = [](auto a, auto b) { return a >= b || a != a ? a : b; };

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kMax>(), PlainExtremum(kMax)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::max
