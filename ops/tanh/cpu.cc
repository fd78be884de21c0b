#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/tanh/op.h"

namespace weft::ops::tanh {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kTanh>(),
                                  PlainFloatUnary([](auto x) { return std::tanh(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::tanh
