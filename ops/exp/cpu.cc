#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/exp/op.h"

namespace weft::ops::exp {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kExp>(),
                                  PlainFloatUnary([](auto x) { return std::exp(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::exp
