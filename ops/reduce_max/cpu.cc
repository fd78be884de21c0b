#include <limits>

#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/reduce_max/op.h"

namespace weft::ops::reduce_max {
namespace {

template <class T>
struct Reducer {
  T largest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                   : std::numeric_limits<T>::lowest();
  void Add(T x) {
    if (x > largest || x != x) largest = x;
  }
  T Result(int64_t) const { return largest; }
};

constexpr KernelDef kKernels[] = {SimdReduce<ReduceMaxOp, ReduceFunction::kMax>(),
                                  PlainReduce<ReduceMaxOp, Reducer, true>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reduce_max
