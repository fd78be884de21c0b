#include "ops/add/op.h"
#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"

namespace weft::ops::add {
namespace {

constexpr auto kAdd = [](auto a, auto b) { return Wrapping(a, b, [](auto x, auto y) { return x + y; }); };

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kAdd>(), PlainBinary(kAdd)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::add
