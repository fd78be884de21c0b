#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/cos/op.h"

namespace weft::ops::cos {
namespace {

struct Functor {
  template <class T>
  static T Apply(T x) {
    return std::cos(x);
  }
};

constexpr KernelDef kKernels[] = {PlainFloatUnary<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cos
