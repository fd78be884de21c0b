#include <type_traits>

#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/integer.h"
#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops::reduce_mean {
namespace {

template <class T>
struct Reducer {
  std::conditional_t<std::is_integral_v<T>, int64_t, double> sum = 0;
  void Add(T x) {
    sum = Wrapping<decltype(sum)>(sum, x, [](auto a, auto b) { return a + b; });
  }
  T Result(int64_t count) const {
    if (std::is_integral_v<T> && count == 0) return 0;
    return static_cast<T>(sum / static_cast<decltype(sum)>(count));
  }
};

std::vector<bool> Reduced(const KernelNode& node) {
  const auto& a = node.attrs<ReduceMeanOp>();
  return ReducedAxes(a.axes, a.noop_with_empty_axes, node.inputs[0].rank());
}

constexpr KernelDef kKernels[] = {
    SimdReduce<Reduced, ReduceFunction::kMean>(),
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchNumber(node.inputs[0].dtype,
                             [&]<class T>(T) { return PlainReduceKernel<T, Reducer>(node, Reduced(node)); });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reduce_mean
