// y is first filled with beta C, in whatever way C broadcasts; the product is then added to it.
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/common/cpu/walk.h"
#include "ops/gemm/op.h"

namespace weft::ops::gemm {
namespace {

ProductPlan PlanOf(const KernelNode& node) {
  const auto& attrs = node.attrs<GemmOp>();
  return PlanProduct(node.inputs[0], attrs.transA, node.inputs[1], attrs.transB, node.outputs[0]);
}

bool AddsC(const KernelNode& node) { return node.has_input(2) && node.attrs<GemmOp>().beta != 0.0f; }

template <class T>
class FillWithC {
 public:
  explicit FillWithC(const KernelNode& node)
      : walk_(node.outputs[0].shape, {StridesOf(node.outputs[0]), StridesOf(node.inputs[2], 2)}),
        beta_(static_cast<T>(node.attrs<GemmOp>().beta)) {}

  void Run(const KernelArgs& args) {
    const int64_t n = walk_.num_elements();
    for (int64_t i = 0; i < n; ++i, walk_.Next()) {
      args.out<T>(0)[walk_.offset(0)] = beta_ * args.in<T>(2)[walk_.offset(1)];
    }
  }

 private:
  Walk<2> walk_;
  T beta_;
};

class OneDnnGemm final : public Kernel {
 public:
  OneDnnGemm(const KernelNode& node, std::unique_ptr<Kernel> product) : product_(std::move(product)) {
    if (AddsC(node)) fill_.emplace(node);
    workspace_bytes_ = product_->workspace_bytes();
  }
  Status Run(const KernelArgs& args) override {
    if (fill_) fill_->Run(args);
    const void* inputs[] = {args.inputs[0], args.inputs[1], args.outputs[0]};
    return product_->Run({inputs, args.outputs, args.workspace});
  }

 private:
  std::unique_ptr<Kernel> product_;
  std::optional<FillWithC<float>> fill_;
};

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> product,
                        PrepareOneDnnProduct(PlanOf(node), {.accumulator = AddsC(node) ? 2 : -1,
                                                            .alpha = node.attrs<GemmOp>().alpha,
                                                            .threads = context.threads}));
  return std::make_unique<OneDnnGemm>(node, std::move(product));
}

template <class T>
std::unique_ptr<Kernel> PlainKernel(const KernelNode& node) {
  std::optional<FillWithC<T>> fill;
  if (AddsC(node)) fill.emplace(node);
  return MakeKernel([plan = PlanOf(node), alpha = static_cast<double>(node.attrs<GemmOp>().alpha),
                     fill](const KernelArgs& args) mutable {
    if (fill) fill->Run(args);
    PlainProduct<T>(plan, {.alpha = alpha, .accumulator_pitch = plan.y.row_stride}, args.in<T>(0),
                    args.in<T>(1), nullptr, fill ? args.out<T>(0) : nullptr, args.out<T>(0));
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return PlainKernel<T>(node); });
}

constexpr KernelDef kKernels[] = {
    {.name = "onednn",
     .accepts =
         [](const KernelNode& node) {
           return OneDnnProductAccepts(
               PlanOf(node),
               {.a = node.inputs[0].dtype, .b = node.inputs[1].dtype, .y = node.outputs[0].dtype});
         },
     .prepare = PrepareOneDnn,
     .pitched = true,
     .row_invariant = false},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain, .pitched = true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::gemm
