#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/sqrt/op.h"

namespace weft::ops::sqrt {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::sqrt(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kSqrt>(), PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sqrt
