#include <cmath>
#include <type_traits>

#include "ops/abs/op.h"
#include "ops/common/cpu/integer.h"
#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"

namespace weft::ops::abs {
namespace {

constexpr auto kAbs = []<class T>(T x) {
  if constexpr (std::is_integral_v<T>) {
    return x < 0 ? Wrapping(T{0}, x, [](auto a, auto b) { return a - b; }) : x;
  } else {
    return std::fabs(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kAbs>(), PlainUnary(kAbs)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::abs
