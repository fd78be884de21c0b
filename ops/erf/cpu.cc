#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/erf/op.h"

namespace weft::ops::erf {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::erf(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kErf>(), PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::erf
