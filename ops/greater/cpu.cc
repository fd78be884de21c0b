#include <functional>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/compare_simd.h"
#include "ops/greater/op.h"

namespace weft::ops::greater {
namespace {

constexpr KernelDef kKernels[] = {SimdCompare<Comparison::kGreater>(), PlainCompare(std::greater<>())};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::greater
