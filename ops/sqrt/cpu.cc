#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/sqrt/op.h"

namespace weft::ops::sqrt {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kSqrt>(),
                                  PlainFloatUnary([](auto x) { return std::sqrt(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sqrt
