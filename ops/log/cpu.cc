#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/log/op.h"

namespace weft::ops::log {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kLog>(),
                                  PlainFloatUnary([](auto x) { return std::log(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::log
