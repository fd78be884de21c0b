// Seen as X [outer, n, inner] and the outputs [outer, k, inner]; each of outer x inner sequences is ordered
// on a list of its indices in the workspace.
#include <algorithm>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/kernel.h"
#include "ops/top_k/op.h"

namespace weft::ops::top_k {
namespace {

struct Geometry {
  int64_t outer, n, inner, k;
  bool largest;
};

Geometry GeometryOf(const KernelNode& node) {
  const TopKOp& a = node.attrs<TopKOp>();
  const Shape& shape = node.inputs[0].shape;
  const int rank = static_cast<int>(shape.size()), axis = ResolvedAxis(a.axis, rank);
  return {ProductOf(shape, 0, axis), shape[static_cast<size_t>(axis)], ProductOf(shape, axis + 1, rank), a.k,
          a.largest};
}

// True of a NaN against a number too.
template <class T>
bool Larger(T a, T b) {
  return a > b || (a != a && b == b);
}

template <class T>
void OrderSequence(const Geometry& g, const T* x, int64_t* order, T* values, int64_t* indices) {
  for (int64_t i = 0; i < g.n; ++i) order[i] = i;
  const auto before = [&](int64_t i, int64_t j) {
    const T a = x[i * g.inner], b = x[j * g.inner];
    if (g.largest ? Larger(a, b) : Larger(b, a)) return true;
    if (g.largest ? Larger(b, a) : Larger(a, b)) return false;
    return i < j;
  };
  std::partial_sort(order, order + g.k, order + g.n, before);  // a heap of k: most elements fail its one test
  for (int64_t i = 0; i < g.k; ++i) {
    values[i * g.inner] = x[order[i] * g.inner];
    indices[i * g.inner] = order[i];
  }
}

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  const Geometry g = GeometryOf(node);
  const int64_t sequences = g.outer * g.inner;
  const auto threads = static_cast<int>(std::clamp<int64_t>(sequences, 1, kParallel ? context.threads : 1));
  return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
    auto run = [g, sequences, threads](const KernelArgs& args) {
      const int64_t grain = std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(g.n, 1));
      ParallelFor(sequences, threads, grain, [&](int64_t begin, int64_t end, int thread) {
        int64_t* order = static_cast<int64_t*>(args.workspace) + thread * g.n;
        for (int64_t s = begin; s < end; ++s) {
          const int64_t outer = s / g.inner, column = s % g.inner, to = outer * g.k * g.inner + column;
          OrderSequence(g, args.in<T>(0) + outer * g.n * g.inner + column, order, args.out<T>(0) + to,
                        args.out<int64_t>(1) + to);
        }
      });
      return OkStatus();
    };
    return MakeKernel(std::move(run), threads * g.n * static_cast<int64_t>(sizeof(int64_t)));
  });
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::top_k
