#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/product/op.h"

namespace weft::ops::product {
namespace {

ProductPlan PlanOf(const KernelNode& node) {
  const auto& attrs = node.attrs<ProductOp>();
  return PlanProduct(node.inputs[0], attrs.trans_a, node.inputs[1], attrs.trans_b, node.outputs[0]);
}

std::string OneDnnAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  const ProductPlan plan = PlanOf(node);
  if (plan.num_batches() * plan.y.rows * plan.y.columns * plan.a.columns == 0)
    return "takes no empty matrices";
  if (plan.batch.size() > 8) return "takes at most 8 batch dimensions";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  return PrepareOneDnnProduct(PlanOf(node), {.bias = node.has_input(2),
                                             .accumulator = node.has_input(3),
                                             .alpha = node.attrs<ProductOp>().alpha,
                                             .threads = context.threads});
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  const bool bias = node.has_input(2), accumulator = node.has_input(3);
  const auto alpha = static_cast<double>(node.attrs<ProductOp>().alpha);
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([plan = PlanOf(node), bias, accumulator, alpha](const KernelArgs& args) {
      PlainProduct<T>(plan, alpha, args.in<T>(0), args.in<T>(1), bias ? args.in<T>(2) : nullptr,
                      accumulator ? args.in<T>(3) : nullptr, args.out<T>(0));
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "onednn", .accepts = OneDnnAccepts, .prepare = PrepareOneDnn, .row_invariant = false},
    {.name = "plain", .accepts = [](const KernelNode&) { return std::string(); }, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::product
