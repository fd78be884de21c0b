#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"
#include "ops/sub/op.h"

namespace weft::ops::sub {
namespace {

constexpr auto kSub = [](auto a, auto b) { return Wrapping(a, b, [](auto x, auto y) { return x - y; }); };

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kSub>(), PlainBinary(kSub)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sub
