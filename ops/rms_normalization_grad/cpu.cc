#include <vector>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/norm_rows.h"
#include "ops/common/cpu/rows.h"
#include "ops/kernel.h"
#include "ops/rms_normalization_grad/op.h"

namespace weft::ops::rms_normalization_grad {
namespace {

constexpr size_t kAccumulator = 4;

// Each thread sums its rows' part of dscale in the workspace; the parts are added in the threads' order.
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const int64_t n = node.inputs[1].num_elements(), rows = n == 0 ? 0 : node.inputs[0].num_elements() / n;
  const int threads = context.threads;
  const int64_t stride = (n + 15) / 16 * 16;
  const bool accumulates = node.has_input(kAccumulator);
  return MakeKernel(
      [=](const KernelArgs& args) {
        auto* parts = static_cast<float*>(args.workspace);
        std::fill(parts, parts + threads * stride, 0.0f);
        ParallelFor(rows, threads, GrainOfRows(n), [&](int64_t begin, int64_t end, int thread) {
          for (int64_t r = begin; r < end; ++r) {
            RmsGradRow(args.in<float>(0) + r * n, args.in<float>(1), args.in<float>(2) + r * n,
                       args.in<float>(3)[r], accumulates ? args.in<float>(kAccumulator) + r * n : nullptr, n,
                       args.out<float>(0) + r * n, parts + thread * stride);
          }
        });
        auto* dscale = args.out<float>(1);
        std::copy(parts, parts + n, dscale);
        for (int t = 1; t < threads; ++t) Accumulate(parts + t * stride, n, dscale);
        return OkStatus();
      },
      threads * stride * static_cast<int64_t>(sizeof(float)));
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const bool accumulates = node.has_input(kAccumulator);
  const int64_t n = node.inputs[1].num_elements(), rows = n == 0 ? 0 : node.inputs[0].num_elements() / n;
  return MakeKernel(
      [=](const KernelArgs& args) {
        auto* dscale = static_cast<double*>(args.workspace);
        std::fill(dscale, dscale + n, 0.0);
        auto at = [&](size_t i, int64_t k) { return static_cast<double>(args.in<T>(i)[k]); };
        for (int64_t r = 0; r < rows; ++r) {
          double mean = 0;
          const double inv = at(3, r);
          for (int64_t i = 0; i < n; ++i) mean += at(2, r * n + i) * at(1, i) * at(0, r * n + i);
          mean /= static_cast<double>(n);
          for (int64_t i = 0; i < n; ++i) {
            const double x = at(0, r * n + i), dy = at(2, r * n + i);
            dscale[i] += dy * x * inv;
            const double past = accumulates ? at(kAccumulator, r * n + i) : 0;
            args.out<T>(0)[r * n + i] = static_cast<T>(inv * (dy * at(1, i) - x * inv * inv * mean) + past);
          }
        }
        for (int64_t i = 0; i < n; ++i) args.out<T>(1)[i] = static_cast<T>(dscale[i]);
        return OkStatus();
      },
      n * static_cast<int64_t>(sizeof(double)));
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {{.name = "simd", .accepts = AcceptsF32, .prepare = PrepareSimd},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::rms_normalization_grad
