#include <limits>

#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/reduce.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_max/op.h"

namespace weft::ops::reduce_max {
namespace {

template <class T>
struct Reducer {
  T largest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                   : std::numeric_limits<T>::lowest();
  void Add(T x) {
    if (x > largest || x != x) largest = x;
  }
  T Result(int64_t) const { return largest; }
};

std::vector<bool> Reduced(const KernelNode& node) {
  const auto& a = node.attrs<ReduceMaxOp>();
  return ReducedAxes(a.axes, a.noop_with_empty_axes, node.inputs[0].rank());
}

constexpr KernelDef kKernels[] = {
    SimdReduce<Reduced, ReduceFunction::kMax>(),
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchNumberOrBool(node.inputs[0].dtype, [&]<class T>(T) {
         return PlainReduceKernel<T, Reducer>(node, Reduced(node));
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::reduce_max
