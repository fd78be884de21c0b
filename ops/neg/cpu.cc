#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/neg/op.h"

namespace weft::ops::neg {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kNeg>(), PlainUnary([](auto x) { return -x; })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::neg
