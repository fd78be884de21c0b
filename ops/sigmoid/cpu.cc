#include "ops/common/cpu/sigmoid.h"
#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/sigmoid/op.h"

namespace weft::ops::sigmoid {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kSigmoid>(),
                                  PlainFloatUnary([](auto x) { return SigmoidOf(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sigmoid
