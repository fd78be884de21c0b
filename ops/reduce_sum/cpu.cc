#include <type_traits>

#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/integer.h"
#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::reduce_sum {
namespace {

template <class T>
struct Reducer {
  std::conditional_t<std::is_same_v<T, float>, double, T> sum = 0;
  void Add(T x) {
    sum = Wrapping<decltype(sum)>(sum, x, [](auto a, auto b) { return a + b; });
  }
  T Result(int64_t) const { return static_cast<T>(sum); }
};

std::vector<bool> Reduced(const KernelNode& node) {
  const auto& a = node.attrs<ReduceSumOp>();
  return ReducedAxes(a.axes, a.noop_with_empty_axes, node.inputs[0].rank());
}

constexpr KernelDef kKernels[] = {
    SimdReduce<Reduced, ReduceFunction::kSum>(),
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

}  // namespace weft::ops::reduce_sum
