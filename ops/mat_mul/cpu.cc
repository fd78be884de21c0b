#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/product_plan.h"
#include "ops/mat_mul/op.h"

namespace weft::ops::mat_mul {
namespace {

// Vectors as matrices of one row or column; the bytes are the same.
ProductPlan PlanOf(const KernelNode& node) {
  Operand a = node.inputs[0], b = node.inputs[1], y = node.outputs[0];
  const bool row = a.rank() == 1, column = b.rank() == 1;
  if (row) a.shape.insert(a.shape.begin(), 1);
  if (column) {
    b.shape.push_back(1);
    b.pitch = 1;
    y.shape.push_back(1);
    y.pitch = 1;
  }
  if (row) {
    y.shape.insert(y.shape.end() - 1, 1);
    y.pitch = y.shape.back();
  }
  return PlanProduct(a, false, b, false, y);
}

std::string OneDnnAccepts(const KernelNode& node) {
  return OneDnnProductAccepts(
      PlanOf(node), {.a = node.inputs[0].dtype, .b = node.inputs[1].dtype, .y = node.outputs[0].dtype});
}

StatusOr<std::unique_ptr<Kernel>> PrepareOneDnn(const KernelNode& node, const KernelContext& context) {
  return PrepareOneDnnProduct(PlanOf(node), {.threads = context.threads});
}

template <class T>
void IntegerProduct(const ProductPlan& plan, const T* a, const T* b, T* y) {
  using U = std::make_unsigned_t<T>;  // wraps
  for (int64_t batch = 0; batch < plan.num_batches(); ++batch) {
    const T* a0 = a + plan.Offset(plan.a, batch);
    const T* b0 = b + plan.Offset(plan.b, batch);
    T* y0 = y + plan.Offset(plan.y, batch);
    for (int64_t i = 0; i < plan.y.rows; ++i) {
      for (int64_t j = 0; j < plan.y.columns; ++j) {
        y0[i * plan.y.row_stride + j] = static_cast<T>(RowTimesColumn<U>(plan, a0, b0, i, j));
      }
    }
  }
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([plan = PlanOf(node)](const KernelArgs& args) {
      if constexpr (std::is_integral_v<T>) {
        IntegerProduct<T>(plan, args.in<T>(0), args.in<T>(1), args.out<T>(0));
      } else {
        PlainProduct<T>(plan, {}, args.in<T>(0), args.in<T>(1), nullptr, nullptr, args.out<T>(0));
      }
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "onednn", .accepts = OneDnnAccepts, .prepare = PrepareOneDnn, .row_invariant = false},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::mat_mul
