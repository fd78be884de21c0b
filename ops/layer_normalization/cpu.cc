#include <cmath>

#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/norm_rows.h"
#include "ops/common/cpu/rows.h"
#include "ops/common/cpu/walk.h"
#include "ops/layer_normalization/op.h"

namespace weft::ops::layer_normalization {
namespace {

NormalizedRows RowsOf(const KernelNode& node) {
  return NormalizedRowsOf(node.inputs[0], node.attrs<LayerNormalizationOp>().axis);
}

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.has_input(i) && node.inputs[i].num_elements() != RowsOf(node).n) {
      return "takes scale and bias of the normalised shape only";
    }
  }
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const NormalizedRows rows = RowsOf(node);
  return MakeKernel([rows, threads = context.threads, epsilon = node.attrs<LayerNormalizationOp>().epsilon,
                     bias = node.has_input(2), keep_mean = node.has_output(1),
                     keep_inverse = node.has_output(2)](const KernelArgs& args) {
    ParallelFor(rows.count, threads, GrainOfRows(rows.n), [&](int64_t begin, int64_t end, int) {
      for (int64_t r = begin; r < end; ++r) {
        const RowStatistics s =
            LayerRow(args.in<float>(0) + r * rows.n, args.in<float>(1), bias ? args.in<float>(2) : nullptr,
                     epsilon, rows.n, args.out<float>(0) + r * rows.n);
        if (keep_mean) args.out<float>(1)[r] = s.mean;
        if (keep_inverse) args.out<float>(2)[r] = s.inv_std_dev;
      }
    });
    return OkStatus();
  });
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const NormalizedRows rows = RowsOf(node);
  const Operand& x = node.inputs[0];
  const size_t rank = x.shape.size();
  const bool bias = node.has_input(2);
  Walk<2> walk(x.shape,
               {StridesOf(node.inputs[1], rank), bias ? StridesOf(node.inputs[2], rank) : Strides(rank, 0)});
  return MakeKernel([=, epsilon = static_cast<double>(node.attrs<LayerNormalizationOp>().epsilon),
                     keep_mean = node.has_output(1),
                     keep_inverse = node.has_output(2)](const KernelArgs& args) mutable {
    const auto n = static_cast<double>(rows.n);
    auto at = [&](size_t input, int64_t i) { return static_cast<double>(args.in<T>(input)[i]); };
    for (int64_t r = 0; r < rows.count; ++r) {
      const int64_t begin = r * rows.n, end = begin + rows.n;
      double mean = 0, variance = 0;
      for (int64_t i = begin; i < end; ++i) mean += at(0, i);
      mean /= n;
      for (int64_t i = begin; i < end; ++i) variance += (at(0, i) - mean) * (at(0, i) - mean);
      const double inverse = 1 / std::sqrt(variance / n + epsilon);
      for (int64_t i = begin; i < end; ++i, walk.Next()) {
        const double shift = bias ? at(2, walk.offset(1)) : 0;
        args.out<T>(0)[i] = static_cast<T>((at(0, i) - mean) * inverse * at(1, walk.offset(0)) + shift);
      }
      if (keep_mean) args.out<T>(1)[r] = static_cast<T>(mean);
      if (keep_inverse) args.out<T>(2)[r] = static_cast<T>(inverse);
    }
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {{.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::layer_normalization
