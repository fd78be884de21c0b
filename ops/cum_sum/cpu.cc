// Seen as x [outer, n, inner]; each of outer x inner sequences is summed on its own.
#include <type_traits>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/cum_sum/op.h"
#include "ops/kernel.h"

namespace weft::ops::cum_sum {
namespace {

struct Geometry {
  int64_t outer, n, inner;
  bool exclusive, reverse;
};

Geometry GeometryOf(const KernelNode& node) {
  const CumSumOp& a = node.attrs<CumSumOp>();
  const Shape& shape = node.inputs[0].shape;
  const int rank = static_cast<int>(shape.size()), axis = ResolvedAxis(a.axis, rank);
  return {ProductOf(shape, 0, axis), shape[static_cast<size_t>(axis)], ProductOf(shape, axis + 1, rank),
          a.exclusive, a.reverse};
}

// f64 for floats; unsigned for integers, which wrap.
template <class T, bool kInteger = std::is_integral_v<T>>
struct SumType {
  using type = double;
};
template <class T>
struct SumType<T, true> {
  using type = std::make_unsigned_t<T>;
};

template <class T>
void SumSequence(const Geometry& g, const T* x, T* y) {
  using S = typename SumType<T>::type;
  S sum = 0;
  for (int64_t step = 0; step < g.n; ++step) {
    const int64_t i = (g.reverse ? g.n - 1 - step : step) * g.inner;
    const S before = sum;
    sum += static_cast<S>(x[i]);
    y[i] = static_cast<T>(g.exclusive ? before : sum);
  }
}

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel(
        [g = GeometryOf(node), threads = kParallel ? context.threads : 1](const KernelArgs& args) {
          const int64_t grain = std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(g.n, 1));
          ParallelFor(g.outer * g.inner, threads, grain, [&](int64_t begin, int64_t end, int) {
            for (int64_t s = begin; s < end; ++s) {
              const int64_t at = s / g.inner * g.n * g.inner + s % g.inner;
              SumSequence(g, args.in<T>(0) + at, args.out<T>(0) + at);
            }
          });
          return OkStatus();
        });
  });
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cum_sum
