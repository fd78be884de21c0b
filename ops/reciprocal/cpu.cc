#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/reciprocal/op.h"

namespace weft::ops::reciprocal {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kReciprocal>(),
                                  PlainFloatUnary([]<class T>(T x) { return T{1} / x; })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reciprocal
