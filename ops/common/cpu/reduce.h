// The plain kernel of reductions: one output element after the other.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/walk.h"
#include "ops/common/reduce_def.h"
#include "ops/kernel.h"

namespace weft::ops {

// flags[i]: axis i of input 0 is reduced. A: the operator, with fields axes and noop_with_empty_axes.
template <class A>
std::vector<bool> ReducedAxesOf(const KernelNode& node) {
  const A& a = node.attrs<A>();
  return ReducedAxes(a.axes, a.noop_with_empty_axes, node.inputs[0].rank());
}

// The loops of a reduction: over the outputs, and for each over the input elements that it takes.
struct PlainReduction {
  PlainReduction(const KernelNode& node, const std::vector<bool>& reduced);
  Walk<2> outputs;  // offsets: output, first input element
  Walk<1> inputs;   // offset from the first input element
};

// Reducer<T>: starts as Reducer<T>(), takes Add(T) for each element, ends as T Result(int64_t count).
template <class T, template <class> class Reducer>
std::unique_ptr<Kernel> PlainReduceKernel(const KernelNode& node, const std::vector<bool>& reduced) {
  return MakeKernel([loops = PlainReduction(node, reduced)](const KernelArgs& args) mutable {
    const int64_t n = loops.outputs.num_elements(), count = loops.inputs.num_elements();
    for (int64_t i = 0; i < n; ++i, loops.outputs.Next()) {
      const T* x = args.in<T>(0) + loops.outputs.offset(1);
      Reducer<T> reducer;
      for (int64_t j = 0; j < count; ++j, loops.inputs.Next()) reducer.Add(x[loops.inputs.offset(0)]);
      args.out<T>(0)[loops.outputs.offset(0)] = reducer.Result(count);
    }
    return OkStatus();
  });
}

// The kernel "plain" of the same, for f32, f64, i32, i64 or (kAnyType) any type that C++ computes with.
template <class A, template <class> class Reducer, bool kAnyType = false>
constexpr KernelDef PlainReduce() {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            const auto make = [&]<class T>(T) {
              return PlainReduceKernel<T, Reducer>(node, ReducedAxesOf<A>(node));
            };
            if constexpr (kAnyType) {
              return DispatchNumberOrBool(node.inputs[0].dtype, make);
            } else {
              return DispatchNumber(node.inputs[0].dtype, make);
            }
          },
          .pitched = true};
}

}  // namespace weft::ops
