#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/exp/op.h"

namespace weft::ops::exp {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::exp(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kExp>(), PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::exp
