#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/norm_rows.h"
#include "ops/common/cpu/rows.h"
#include "ops/kernel.h"
#include "ops/layer_normalization_grad/op.h"

namespace weft::ops::layer_normalization_grad {
namespace {

NormalizedRows RowsOf(const KernelNode& node) {
  return NormalizedRowsOf(node.inputs[0], node.attrs<LayerNormalizationGradOp>().axis);
}

// Each thread sums its rows' part of dscale and dbias in the workspace; the parts are added in the threads'
// order.
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const NormalizedRows rows = RowsOf(node);
  const int threads = context.threads;
  const int64_t stride = (rows.n + 15) / 16 * 16;  // of dscale; dbias lies behind all of them
  return MakeKernel(
      [=](const KernelArgs& args) {
        const int64_t n = rows.n;
        auto* dscale = static_cast<float*>(args.workspace);
        float* dbias = dscale + threads * stride;
        std::fill_n(dscale, 2 * threads * stride, 0.0f);
        ParallelFor(rows.count, threads, GrainOfRows(n), [&](int64_t begin, int64_t end, int thread) {
          for (int64_t r = begin; r < end; ++r) {
            LayerGradRow(args.in<float>(0) + r * n, args.in<float>(1), args.in<float>(2) + r * n,
                         {args.in<float>(3)[r], args.in<float>(4)[r]}, n, args.out<float>(0) + r * n,
                         dscale + thread * stride, dbias + thread * stride);
          }
        });
        std::copy_n(dscale, n, args.out<float>(1));
        std::copy_n(dbias, n, args.out<float>(2));
        for (int t = 1; t < threads; ++t) {
          Accumulate(dscale + t * stride, n, args.out<float>(1));
          Accumulate(dbias + t * stride, n, args.out<float>(2));
        }
        return OkStatus();
      },
      2 * threads * stride * static_cast<int64_t>(sizeof(float)));
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const NormalizedRows rows = RowsOf(node);
  return MakeKernel(
      [rows](const KernelArgs& args) {
        const int64_t n = rows.n;
        auto* dscale = static_cast<double*>(args.workspace);
        double* dbias = dscale + n;
        std::fill_n(dscale, 2 * n, 0.0);
        auto at = [&](size_t input, int64_t i) { return static_cast<double>(args.in<T>(input)[i]); };
        for (int64_t r = 0; r < rows.count; ++r) {
          const double mean = at(3, r), inverse = at(4, r);
          auto z = [&](int64_t i) { return (at(0, r * n + i) - mean) * inverse; };
          auto g = [&](int64_t i) { return at(2, r * n + i) * at(1, i); };
          double mean_g = 0, mean_gz = 0;
          for (int64_t i = 0; i < n; ++i) mean_g += g(i) / static_cast<double>(n);
          for (int64_t i = 0; i < n; ++i) mean_gz += g(i) * z(i) / static_cast<double>(n);
          for (int64_t i = 0; i < n; ++i) {
            const double dy = at(2, r * n + i), dx = inverse * (g(i) - mean_g - z(i) * mean_gz);
            dscale[i] += dy * z(i);
            dbias[i] += dy;
            args.out<T>(0)[r * n + i] = static_cast<T>(dx);  // last: it may take the place of x or dy
          }
        }
        std::transform(dscale, dscale + n, args.out<T>(1), [](double v) { return static_cast<T>(v); });
        std::transform(dbias, dbias + n, args.out<T>(2), [](double v) { return static_cast<T>(v); });
        return OkStatus();
      },
      2 * rows.n * static_cast<int64_t>(sizeof(double)));
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {{.name = "simd", .accepts = AcceptsF32, .prepare = PrepareSimd},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::layer_normalization_grad
