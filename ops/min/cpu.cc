#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/extremum.h"
#include "ops/min/op.h"

namespace weft::ops::min {
namespace {

struct Functor {
  template <class T>
  static T Apply(T a, T b) {
    return a <= b || a != a ? a : b;  // NaN stays, whichever of them it is
  }
};

constexpr KernelDef kKernels[] = {SimdBinary<BinaryFunction::kMin>(), PlainExtremum<Functor>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::min
