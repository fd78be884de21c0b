#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/common/cpu/skinny_product.h"
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

std::string GemvAccepts(const KernelNode& node) {
  const auto& attrs = node.attrs<ProductOp>();
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  if (attrs.trans_a || !attrs.trans_b) return "takes b transposed and a not";
  const ProductPlan plan = PlanOf(node);
  if (plan.num_batches() != 1) return "takes one matrix b";
  if (plan.y.rows < 1 || plan.y.rows > kMostRows) return fmt::format("takes 1 to {} rows", kMostRows);
  return {};
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

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  return PrepareOneDnnProduct(PlanOf(node), {.bias = node.has_input(kBias) ? kBias : -1,
                                             .accumulator = node.has_input(kAccumulator) ? kAccumulator : -1,
                                             .accumulator_pitch = AccumulatorPitch(node),
                                             .alpha = node.attrs<ProductOp>().alpha,
                                             .threads = context.threads});
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
    {.name = "simd_gemv", .accepts = GemvAccepts, .prepare = PrepareGemv, .pitched = true},
    {.name = "onednn",
     .accepts =
         [](const KernelNode& node) { return OneDnnProductAccepts(node.inputs[0].dtype, PlanOf(node)); },
     .prepare = PrepareOneDnn,
     .pitched = true,
     .row_invariant = false},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain, .pitched = true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::product
