// Seen as data [outer, n, inner] and reduced [outer, inner].
#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "ops/arg_max/op.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rows.h"
#include "ops/kernel.h"

namespace weft::ops::arg_max {
namespace {

struct Geometry {
  int64_t outer, n, inner;
  bool last;
};

Geometry GeometryOf(const KernelNode& node) {
  const ArgMaxOp& a = node.attrs<ArgMaxOp>();
  const Shape& shape = node.inputs[0].shape;
  const int rank = static_cast<int>(shape.size()), axis = ResolvedAxis(a.axis, rank);
  return {ProductOf(shape, 0, axis), shape[static_cast<size_t>(axis)], ProductOf(shape, axis + 1, rank),
          a.select_last_index};
}

// True of a NaN against a number too; a NaN is not larger than a NaN.
template <class T>
bool Larger(T a, T b) {
  return a > b || (a != a && b == b);
}

template <class T>
int64_t LargestOf(const T* x, int64_t n, int64_t stride, bool last) {
  int64_t best = 0;
  for (int64_t i = 1; i < n; ++i) {
    const T a = x[i * stride], b = x[best * stride];
    if (Larger(a, b) || (last && !Larger(b, a))) best = i;
  }
  return best;
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([g = GeometryOf(node)](const KernelArgs& args) {
      for (int64_t i = 0; i < g.outer * g.inner; ++i) {
        const T* x = args.in<T>(0) + i / g.inner * g.n * g.inner + i % g.inner;
        args.out<int64_t>(0)[i] = LargestOf(x, g.n, g.inner, g.last);
      }
      return OkStatus();
    });
  });
}

// A row of adjacent numbers: its maximum in vectors, then where it is.
int64_t LargestInRow(const float* x, int64_t n, bool last) {
  const Extent e = FindMax(x, n);
  const auto is_it = [&](float v) { return e.has_nan ? std::isnan(v) : v == e.max; };
  if (!last) return std::find_if(x, x + n, is_it) - x;
  int64_t i = n - 1;
  while (!is_it(x[i])) --i;
  return i;
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  return MakeKernel([g = GeometryOf(node), threads = context.threads](const KernelArgs& args) {
    const int64_t grain = std::max<int64_t>(1, (1 << 15) / g.n);
    ParallelFor(g.outer, threads, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row)
        args.out<int64_t>(0)[row] = LargestInRow(args.in<float>(0) + row * g.n, g.n, g.last);
    });
    return OkStatus();
  });
}

std::string AcceptsRows(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  return GeometryOf(node).inner == 1 ? "" : "takes rows of adjacent elements only";
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsRows, PrepareSimd}, {"plain", AcceptsAll, PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::arg_max
