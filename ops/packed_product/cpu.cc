#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/few_rows.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/packed_rows.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/common/packed_weight.h"
#include "ops/packed_product/op.h"

namespace weft::ops::packed_product {
namespace {

constexpr int kBias = 2, kAccumulator = 3;

// All batches as rows of one matrix, and as if the weight [N, K] lay there as it was.
ProductPlan PlanOf(const KernelNode& node) {
  const auto matrix = [](const Operand& x) {
    Operand m = x;
    m.shape = {x.num_rows(), x.row()};
    return m;
  };
  const Operand weight = DenseOperand(node.inputs[1].dtype,
                                      {node.attrs<PackedProductOp>().columns, node.inputs[0].shape.back()});
  return PlanProduct(matrix(node.inputs[0]), false, weight, true, matrix(node.outputs[0]));
}

int64_t AccumulatorPitch(const KernelNode& node) {
  return node.has_input(kAccumulator) ? node.inputs[kAccumulator].pitch : 0;
}

OneDnnProductOptions OneDnnOptions(const KernelNode& node, int threads) {
  return {.bias = node.has_input(kBias) ? kBias : -1,
          .accumulator = node.has_input(kAccumulator) ? kAccumulator : -1,
          .accumulator_pitch = AccumulatorPitch(node),
          .alpha = node.attrs<PackedProductOp>().alpha,
          .threads = threads,
          .a = node.inputs[0].dtype,
          .b = node.inputs[1].dtype,
          .y = node.outputs[0].dtype,
          .bias_type = node.has_input(kBias) ? node.inputs[kBias].dtype : DataType::kF32,
          .packed_b = true};
}

std::string OneDnnAccepts(const KernelNode& node) {
  if (!node.inputs[1].dense()) return "takes b dense";
  if (node.has_input(kAccumulator) && node.inputs[kAccumulator].dtype != node.outputs[0].dtype)
    return "takes an accumulator of y's type";
  return OneDnnProductAccepts(PlanOf(node), OneDnnOptions(node, 1));
}

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  return PrepareOneDnnProduct(PlanOf(node), OneDnnOptions(node, context.threads));
}

// ---- a few rows

std::string GemvAccepts(const KernelNode& node) {
  const auto is_narrow = [&](size_t i) {
    return node.has_input(i) && node.inputs[i].dtype != DataType::kF32;
  };
  if (!node.inputs[1].dense() || node.inputs[1].dtype != DataType::kBF16) return "takes b dense, of bf16";
  if (!IsF32OrBf16(node.inputs[0]) || is_narrow(kBias) || is_narrow(kAccumulator))
    return "takes a of f32 or bf16, and bias and accumulator of f32";
  const int64_t rows = node.outputs[0].num_rows();
  if (rows < 1 || rows > kMostPackedRows) return fmt::format("takes 1 to {} rows", kMostPackedRows);
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareGemv(const KernelNode& node, const KernelContext& context) {
  const Operand &a = node.inputs[0], &y = node.outputs[0];
  const int64_t blocks = node.inputs[1].shape[1];
  return PrepareFewRows({.m = y.num_rows(),
                         .k = a.row(),
                         .n = y.row(),
                         .a_stride = a.pitch,
                         .b_stride = blocks,
                         .y_stride = y.pitch,
                         .accumulator_stride = AccumulatorPitch(node),
                         .a_type = a.dtype,
                         .y_type = y.dtype,
                         .bias = node.has_input(kBias) ? kBias : -1,
                         .accumulator = node.has_input(kAccumulator) ? kAccumulator : -1,
                         .alpha = node.attrs<PackedProductOp>().alpha,
                         .padded_k = blocks * kPackedInputs,
                         .unit = kPackedUnit,
                         .threads = context.threads},
                        MultiplyPackedRows);
}

// ---- plain

// Sums in f64.
StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  const bool bias = node.has_input(kBias), accumulator = node.has_input(kAccumulator);
  const Operand &a = node.inputs[0], &y = node.outputs[0];
  const int64_t rows = y.num_rows(), n = y.row(), k = a.row(), blocks = node.inputs[1].shape[1];
  const auto alpha = static_cast<double>(node.attrs<PackedProductOp>().alpha);
  return DispatchFloat(a.dtype, [&]<class T>(T) {
    return MakeKernel(
        [=, a_pitch = a.pitch, y_pitch = y.pitch, pitch = AccumulatorPitch(node)](const KernelArgs& args) {
          for (int64_t i = 0; i < rows; ++i) {
            for (int64_t j = 0; j < n; ++j) {
              double sum = 0;
              for (int64_t p = 0; p < k; ++p) {
                sum += static_cast<double>(args.in<T>(0)[i * a_pitch + p]) *
                       static_cast<double>(args.in<T>(1)[PackedOffset(j, p, blocks)]);
              }
              sum *= alpha;
              if (bias) sum += static_cast<double>(args.in<T>(kBias)[j]);
              if (accumulator) sum += static_cast<double>(args.in<T>(kAccumulator)[i * pitch + j]);
              args.out<T>(0)[i * y_pitch + j] = static_cast<T>(sum);
            }
          }
          return OkStatus();
        });
  });
}

std::string PlainAccepts(const KernelNode& node) { return node.inputs[1].dense() ? "" : "takes b dense"; }

constexpr KernelDef kKernels[] = {
    {.name = "simd_gemv",
     .accepts = GemvAccepts,
     .prepare = PrepareGemv,
     .pitched = true,
     .row_invariant = false,
     .narrow = true},
    {.name = "onednn",
     .accepts = OneDnnAccepts,
     .prepare = PrepareOneDnn,
     .pitched = true,
     .row_invariant = false,
     .narrow = true},
    {.name = "plain", .accepts = PlainAccepts, .prepare = PreparePlain, .pitched = true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::packed_product
