#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/sin/op.h"

namespace weft::ops::sin {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::sin(x);
  }
};

constexpr KernelDef kKernels[] = {PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sin
