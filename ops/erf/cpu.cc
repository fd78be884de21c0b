#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/erf/op.h"

namespace weft::ops::erf {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kErf>(),
                                  PlainFloatUnary([](auto x) { return std::erf(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::erf
