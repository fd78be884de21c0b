#include <vector>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/bf16.h"
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
  const int64_t stride = (n + 15) / 16 * 16,
                parts_bytes = threads * stride * static_cast<int64_t>(sizeof(float));
  const DataType x_type = node.inputs[0].dtype, dy_type = node.inputs[2].dtype,
                 dx_type = node.outputs[0].dtype;
  const bool accumulates = node.has_input(kAccumulator);
  const DataType past_type = accumulates ? node.inputs[kAccumulator].dtype : DataType::kF32;
  const bool narrow = dx_type == DataType::kBF16;  // as it is where any operand is
  const RowBuffers buffers(n, narrow ? 4 : 0, threads, parts_bytes);
  return MakeKernel(
      [=](const KernelArgs& args) {
        const FloatInput x(args.inputs[0], x_type), dy(args.inputs[2], dy_type);
        const FloatInput past(accumulates ? args.inputs[kAccumulator] : nullptr, past_type);
        const FloatOutput dx(args.outputs[0], dx_type);
        auto* parts = static_cast<float*>(args.workspace);
        std::fill(parts, parts + threads * stride, 0.0f);
        ParallelFor(rows, threads, GrainOfRows(n), [&](int64_t begin, int64_t end, int thread) {
          float *x_row = buffers.Of(args, thread, 0), *dy_row = buffers.Of(args, thread, 1),
                *past_row = buffers.Of(args, thread, 2), *dx_row = buffers.Of(args, thread, 3);
          for (int64_t r = begin; r < end; ++r) {
            RmsGradRow(x.Row(r * n, n, x_row), args.in<float>(1), dy.Row(r * n, n, dy_row),
                       args.in<float>(3)[r], accumulates ? past.Row(r * n, n, past_row) : nullptr, n,
                       dx.Row(r * n, dx_row), parts + thread * stride);
            dx.Done(r * n, n, dx_row);
          }
        });
        auto* dscale = args.out<float>(1);
        std::copy(parts, parts + n, dscale);
        for (int t = 1; t < threads; ++t) Accumulate(parts + t * stride, n, dscale);
        return OkStatus();
      },
      buffers.bytes());
}

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[1].dtype != DataType::kF32 || node.inputs[3].dtype != DataType::kF32)
    return "takes a gain and statistics of f32 only";
  return IsF32OrBf16(node.inputs[0]) && IsF32OrBf16(node.inputs[2]) &&
                 (!node.has_input(kAccumulator) || IsF32OrBf16(node.inputs[kAccumulator]))
             ? ""
             : "takes f32 and bf16 only";
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

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::rms_normalization_grad
