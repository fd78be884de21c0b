#include <type_traits>

#include "ops/common/cpu/integer.h"
#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::reduce_sum {
namespace {

template <class T>
struct Reducer {
  std::conditional_t<std::is_same_v<T, float>, double, T> sum = 0;
  void Add(T x) {
    sum = Wrapping<decltype(sum)>(sum, x, [](auto a, auto b) { return a + b; });
  }
  T Result(int64_t) const { return static_cast<T>(sum); }
};

constexpr KernelDef kKernels[] = {SimdReduce<ReduceSumOp, ReduceFunction::kSum>(),
                                  PlainReduce<ReduceSumOp, Reducer>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reduce_sum
