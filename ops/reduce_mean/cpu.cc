#include <type_traits>

#include "ops/common/cpu/integer.h"
#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops::reduce_mean {
namespace {

template <class T>
struct Reducer {
  std::conditional_t<std::is_integral_v<T>, int64_t, double> sum = 0;
  void Add(T x) {
    sum = Wrapping<decltype(sum)>(sum, x, [](auto a, auto b) { return a + b; });
  }
  T Result(int64_t count) const {
    if (std::is_integral_v<T> && count == 0) return 0;
    return static_cast<T>(sum / static_cast<decltype(sum)>(count));
  }
};

constexpr KernelDef kKernels[] = {SimdReduce<ReduceMeanOp, ReduceFunction::kMean>(),
                                  PlainReduce<ReduceMeanOp, Reducer>()};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reduce_mean
