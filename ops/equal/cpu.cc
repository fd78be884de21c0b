#include <functional>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/compare_simd.h"
#include "ops/equal/op.h"

namespace weft::ops::equal {
namespace {

constexpr KernelDef kKernels[] = {SimdCompare<Comparison::kEqual>(), PlainCompare(std::equal_to<>())};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::equal
