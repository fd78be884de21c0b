#include <functional>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/compare_simd.h"
#include "ops/less/op.h"

namespace weft::ops::less {
namespace {

constexpr KernelDef kKernels[] = {SimdCompare<Comparison::kLess>(), PlainCompare(std::less<>())};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::less
