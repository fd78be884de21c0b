#include "ops/common/cpu/unary.h"
#include "ops/common/cpu/unary_simd.h"
#include "ops/neg/op.h"

namespace weft::ops::neg {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return -x;
  }
};

constexpr KernelDef kKernels[] = {SimdUnary<UnaryFunction::kNeg>(), PlainUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::neg
