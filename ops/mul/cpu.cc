#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"
#include "ops/mul/op.h"

namespace weft::ops::mul {
namespace {

constexpr auto kMul = [](auto a, auto b) { return Wrapping(a, b, [](auto x, auto y) { return x * y; }); };

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kMul>(), PlainBinary(kMul)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::mul
