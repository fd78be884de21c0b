#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/few_rows.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/common/cpu/skinny_product.h"
#include "ops/common/cpu/tiled_product.h"
#include "ops/product/op.h"

namespace weft::ops::product {
namespace {

constexpr int kBias = 2, kAccumulator = 3;

ProductPlan PlanOf(const KernelNode& node) {
  const auto& attrs = node.attrs<ProductOp>();
  return PlanProduct(node.inputs[0], attrs.trans_a, node.inputs[1], attrs.trans_b, node.outputs[0]);
}

int64_t AccumulatorPitch(const KernelNode& node) {
  return node.has_input(kAccumulator) ? node.inputs[kAccumulator].pitch : 0;
}

// ---- a few rows

// Beyond this, packing what is multiplied pays (measured at K = 512, N = 512 to 10,000).
constexpr int64_t kMostRows = 16;

std::string SkinnyShape(const KernelNode& node) {
  const auto& attrs = node.attrs<ProductOp>();
  if (attrs.trans_a || !attrs.trans_b) return "takes b transposed and a not";
  const ProductPlan plan = PlanOf(node);
  if (plan.num_batches() != 1) return "takes one matrix b";
  if (plan.y.rows < 1 || plan.y.rows > kMostRows) return fmt::format("takes 1 to {} rows", kMostRows);
  return {};
}

std::string GemvAccepts(const KernelNode& node) {
  return node.inputs[0].dtype == DataType::kF32 ? SkinnyShape(node) : "takes f32 only";
}

// The same of bf16 weights.
std::string NarrowGemvAccepts(const KernelNode& node) {
  if (node.inputs[1].dtype != DataType::kBF16) return "takes b of bf16 only";
  const auto is_narrow = [&](size_t i) {
    return node.has_input(i) && node.inputs[i].dtype != DataType::kF32;
  };
  if (!IsF32OrBf16(node.inputs[0]) || is_narrow(kBias) || is_narrow(kAccumulator))
    return "takes a of f32 or bf16, and bias and accumulator of f32";
  return SkinnyShape(node);
}

StatusOr<std::unique_ptr<Kernel>> PrepareNarrowGemv(const KernelNode& node, const KernelContext& context) {
  const ProductPlan plan = PlanOf(node);
  return PrepareFewRows({.m = plan.y.rows,
                         .k = plan.a.columns,
                         .n = plan.y.columns,
                         .a_stride = plan.a.row_stride,
                         .b_stride = plan.b.column_stride,
                         .y_stride = plan.y.row_stride,
                         .accumulator_stride = AccumulatorPitch(node),
                         .a_type = node.inputs[0].dtype,
                         .y_type = node.outputs[0].dtype,
                         .bias = node.has_input(kBias) ? kBias : -1,
                         .accumulator = node.has_input(kAccumulator) ? kAccumulator : -1,
                         .alpha = node.attrs<ProductOp>().alpha,
                         .threads = context.threads},
                        MultiplyRows);
}

StatusOr<std::unique_ptr<Kernel>> PrepareGemv(const KernelNode& node, const KernelContext& context) {
  const ProductPlan plan = PlanOf(node);
  const SkinnyProduct shape{.a_stride = plan.a.row_stride,
                            .b_stride = plan.b.column_stride,
                            .y_stride = plan.y.row_stride,
                            .accumulator_stride = AccumulatorPitch(node),
                            .m = plan.y.rows,
                            .k = plan.a.columns,
                            .alpha = node.attrs<ProductOp>().alpha};
  constexpr int64_t kElements = 1 << 15;  // of b, that are worth a thread
  const int64_t grain = std::max<int64_t>(8, kElements / std::max<int64_t>(shape.k, 1));
  return MakeKernel([shape, grain, n = plan.y.columns, threads = context.threads,
                     bias = node.has_input(kBias),
                     accumulator = node.has_input(kAccumulator)](const KernelArgs& args) {
    SkinnyProduct p = shape;
    p.a = args.in<float>(0);
    p.b = args.in<float>(1);
    p.bias = bias ? args.in<float>(kBias) : nullptr;
    p.accumulator = accumulator ? args.in<float>(kAccumulator) : nullptr;
    p.y = args.out<float>(0);
    ParallelFor(n, threads, grain, [&](int64_t begin, int64_t end, int) { MultiplyRows(p, begin, end); });
    return OkStatus();
  });
}

// ---- oneDNN

OneDnnProductOptions OneDnnOptions(const KernelNode& node, int threads) {
  return {.bias = node.has_input(kBias) ? kBias : -1,
          .accumulator = node.has_input(kAccumulator) ? kAccumulator : -1,
          .accumulator_pitch = AccumulatorPitch(node),
          .alpha = node.attrs<ProductOp>().alpha,
          .threads = threads,
          .a = node.inputs[0].dtype,
          .b = node.inputs[1].dtype,
          .y = node.outputs[0].dtype,
          .bias_type = node.has_input(kBias) ? node.inputs[kBias].dtype : DataType::kF32};
}

std::string OneDnnAccepts(const KernelNode& node) {
  if (node.has_input(kAccumulator) && node.inputs[kAccumulator].dtype != node.outputs[0].dtype)
    return "takes an accumulator of y's type";
  return OneDnnProductAccepts(PlanOf(node), OneDnnOptions(node, 1));
}

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  return PrepareOneDnnProduct(PlanOf(node), OneDnnOptions(node, context.threads));
}

std::string TiledAccepts(const KernelNode& node) {
  if (node.has_input(kAccumulator) && node.inputs[kAccumulator].dtype != node.outputs[0].dtype)
    return "takes an accumulator of y's type";
  return TiledProductAccepts(PlanOf(node), OneDnnOptions(node, 1));
}

StatusOr<std::unique_ptr<Kernel>> PrepareTiled(const KernelNode& node, const KernelContext& context) {
  return PrepareTiledProduct(PlanOf(node), OneDnnOptions(node, context.threads));
}

// ---- plain

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  const bool bias = node.has_input(kBias), accumulator = node.has_input(kAccumulator);
  const PlainProductOptions options{.alpha = static_cast<double>(node.attrs<ProductOp>().alpha),
                                    .accumulator_pitch = AccumulatorPitch(node)};
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([plan = PlanOf(node), bias, accumulator, options](const KernelArgs& args) {
      PlainProduct<T>(plan, options, args.in<T>(0), args.in<T>(1), bias ? args.in<T>(kBias) : nullptr,
                      accumulator ? args.in<T>(kAccumulator) : nullptr, args.out<T>(0));
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd_gemv_bf16",
     .accepts = NarrowGemvAccepts,
     .prepare = PrepareNarrowGemv,
     .pitched = true,
     .narrow = true},
    {.name = "simd_gemv", .accepts = GemvAccepts, .prepare = PrepareGemv, .pitched = true},
    {.name = "onednn",
     .accepts = OneDnnAccepts,
     .prepare = PrepareOneDnn,
     .pitched = true,
     .row_invariant = false,
     .narrow = true},
    {.name = "onednn_tiles_bf16",
     .accepts = TiledAccepts,
     .prepare = PrepareTiled,
     .pitched = true,
     .row_invariant = false,
     .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain, .pitched = true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::product
