#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/log/op.h"

namespace weft::ops::log {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::log(x);
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kLog>(), PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::log
