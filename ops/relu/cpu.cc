#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/relu/op.h"

namespace weft::ops::relu {
namespace {

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kRelu>(),
                                  PlainUnary([]<class T>(T x) { return x < 0 ? T{0} : x; })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::relu
