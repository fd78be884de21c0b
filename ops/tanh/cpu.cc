#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/tanh/op.h"

namespace weft::ops::tanh {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::tanh(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kTanh>(), PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::tanh
