#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/sigmoid/op.h"

namespace weft::ops::sigmoid {
namespace {

constexpr auto kSigmoid = []<class T>(T x) {
  // e^-|x| does not overflow.
  const T e = std::exp(-std::fabs(x));
  return (x < 0 ? e : T{1}) / (T{1} + e);
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kSigmoid>(), PlainFloatUnary(kSigmoid)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sigmoid
