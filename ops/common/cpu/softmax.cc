#include "ops/common/cpu/softmax.h"

#include <cmath>
#include <limits>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rows.h"

namespace weft::ops {
namespace {

// The row stays in the cache: its maximum, the exponentials with their sum, then the division.
void Row(SoftmaxKind kind, const float* x, int64_t n, float* y) {
  const float top = MaxOf(x, n);
  if (kind == SoftmaxKind::kLogSoftmax) return Subtract(x, top + std::log(SumOfExp(x, top, n)), n, y);
  const float sum = ExpRow(x, top, 1.0f, n, y);
  ScaleBy(y, 1.0f / sum, n);
}

// x seen as [outer, n, inner].
struct Layout {
  int64_t outer, n, inner;
};
Layout LayoutOf(const Operand& x, int64_t axis) {
  const int a = ResolvedAxis(axis, x.rank());
  return {ProductOf(x.shape, 0, a), x.dim(a), ProductOf(x.shape, a + 1, x.rank())};
}

template <class T>
void PlainRow(SoftmaxKind kind, const Layout& l, const T* x, T* y) {
  auto at = [&](int64_t i) { return static_cast<double>(x[i * l.inner]); };
  double top = -std::numeric_limits<double>::infinity(), sum = 0;
  for (int64_t i = 0; i < l.n; ++i) top = std::isnan(at(i)) ? at(i) : std::max(top, at(i));
  for (int64_t i = 0; i < l.n; ++i) sum += std::exp(at(i) - top);
  const double log_sum = std::log(sum);
  for (int64_t i = 0; i < l.n; ++i) {
    const double shifted = at(i) - top;
    const double value = kind == SoftmaxKind::kSoftmax ? std::exp(shifted) / sum : shifted - log_sum;
    y[i * l.inner] = static_cast<T>(value);
  }
}

}  // namespace

std::string SimdSoftmaxAccepts(const KernelNode& node, int64_t axis) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  return axis == -1 || axis == node.inputs[0].rank() - 1 ? "" : "takes the last axis only";
}

std::unique_ptr<Kernel> SimdSoftmax(const KernelNode& node, SoftmaxKind kind, int threads) {
  const Operand& x = node.inputs[0];
  const int64_t n = x.num_elements() == 0 ? 0 : LayoutOf(x, -1).n, rows = n == 0 ? 0 : x.num_elements() / n;
  return MakeKernel([=](const KernelArgs& args) {
    ParallelFor(rows, threads, GrainOfRows(n), [&](int64_t begin, int64_t end, int) {
      for (int64_t r = begin; r < end; ++r)
        Row(kind, args.in<float>(0) + r * n, n, args.out<float>(0) + r * n);
    });
    return OkStatus();
  });
}

std::unique_ptr<Kernel> PlainSoftmax(const KernelNode& node, SoftmaxKind kind, int64_t axis) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([kind, l = LayoutOf(node.inputs[0], axis)](const KernelArgs& args) {
      for (int64_t i = 0; i < l.outer * l.inner; ++i) {
        const int64_t at = i / l.inner * l.n * l.inner + i % l.inner;
        PlainRow(kind, l, args.in<T>(0) + at, args.out<T>(0) + at);
      }
      return OkStatus();
    });
  });
}

}  // namespace weft::ops
