#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/cum_sum/op.h"
#include "ops/kernel.h"

namespace weft::ops::cum_sum {
namespace {

// x as [outer, n, inner]; floats are summed in f64, integers wrap.
template <class T>
void Sum(const CumSumOp& attrs, int64_t outer, int64_t n, int64_t inner, const T* x, T* y) {
  using Wide = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;
  for (int64_t row = 0; row < outer * inner; ++row) {
    const int64_t base = row / inner * n * inner + row % inner;
    Wide sum = 0;
    for (int64_t k = 0; k < n; ++k) {
      const int64_t at = base + (attrs.reverse ? n - 1 - k : k) * inner;
      const Wide next = sum + static_cast<Wide>(x[at]);
      y[at] = static_cast<T>(attrs.exclusive ? sum : next);
      sum = next;
    }
  }
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  const CumSumOp attrs = node.attrs<CumSumOp>();
  const Operand& x = node.inputs[0];
  const int axis = ResolvedAxis(attrs.axis, x.rank());
  const int64_t outer = ProductOf(x.shape, 0, axis), n = x.dim(axis),
                inner = ProductOf(x.shape, axis + 1, x.rank());
  return DispatchNumber(x.dtype, [&]<class T>(T) {
    return MakeKernel([=](const KernelArgs& args) {
      Sum<T>(attrs, outer, n, inner, args.in<T>(0), args.out<T>(0));
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "plain", .accepts = [](const KernelNode&) { return std::string(); }, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cum_sum
