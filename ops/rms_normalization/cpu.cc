#include <cmath>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/norm_rows.h"
#include "ops/common/cpu/rows.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"
#include "ops/rms_normalization/op.h"

namespace weft::ops::rms_normalization {
namespace {

// Rows are all that lies from `axis` on.
int64_t RowLength(const KernelNode& node) {
  const Operand& x = node.inputs[0];
  return ProductOf(x.shape, ResolvedAxis(node.attrs<RmsNormalizationOp>().axis, x.rank()), x.rank());
}

std::string SimdAccepts(const KernelNode& node) {
  if (!IsF32OrBf16(node.inputs[0])) return "takes f32 and bf16 only";
  if (node.inputs[1].dtype != DataType::kF32) return "takes a scale of f32 only";
  if (node.inputs[1].num_elements() != RowLength(node)) return "takes a scale of the normalised shape only";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const NormalizedRows shape = NormalizedRowsOf(node.inputs[0], node.attrs<RmsNormalizationOp>().axis);
  const int64_t n = shape.n, rows = shape.count;
  const float epsilon = node.attrs<RmsNormalizationOp>().epsilon;
  const bool keep = node.has_output(1);
  const DataType x_type = node.inputs[0].dtype, y_type = node.outputs[0].dtype;
  const RowBuffers buffers(n, x_type == DataType::kBF16 ? 1 : 0, context.threads);
  return MakeKernel(
      [=, threads = context.threads](const KernelArgs& args) {
        const FloatInput x(args.inputs[0], x_type);
        const FloatOutput y(args.outputs[0], y_type);
        ParallelFor(rows, threads, GrainOfRows(n), [&](int64_t begin, int64_t end, int thread) {
          float* row = buffers.Of(args, thread, 0);
          for (int64_t r = begin; r < end; ++r) {
            const float inv = RmsRow(x.Row(r * n, n, row), args.in<float>(1), epsilon, n, y.Row(r * n, row));
            y.Done(r * n, n, row);
            if (keep) args.out<float>(1)[r] = inv;
          }
        });
        return OkStatus();
      },
      buffers.bytes());
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const NormalizedRows shape = NormalizedRowsOf(node.inputs[0], node.attrs<RmsNormalizationOp>().axis);
  const int64_t n = shape.n, rows = shape.count;
  const size_t rank = node.inputs[0].shape.size();
  Walk<1> walk(node.inputs[0].shape, {StridesOf(node.inputs[1], rank)});
  const auto epsilon = static_cast<double>(node.attrs<RmsNormalizationOp>().epsilon);
  const bool keep = node.has_output(1);
  return MakeKernel([=](const KernelArgs& args) mutable {
    const T* x = args.in<T>(0);
    for (int64_t r = 0; r < rows; ++r) {
      double sum = 0;
      for (int64_t i = r * n; i < r * n + n; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
      const double inv = 1 / std::sqrt(sum / static_cast<double>(n) + epsilon);
      for (int64_t i = r * n; i < r * n + n; ++i, walk.Next()) {
        args.out<T>(0)[i] = static_cast<T>(static_cast<double>(x[i]) * inv *
                                           static_cast<double>(args.in<T>(1)[walk.offset(0)]));
      }
      if (keep) args.out<T>(1)[r] = static_cast<T>(inv);
    }
    walk.Reset();
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::rms_normalization
