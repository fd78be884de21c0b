// The plain kernels of unary elementwise operators: one loop for each element type.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// out[i] = function(x[i]) with X, Y the element types.
template <class X, class Y, class Function>
std::unique_ptr<Kernel> PlainUnaryKernel(const KernelNode& node, Function function) {
  Walk<2> walk(node.outputs[0].shape, {StridesOf(node.outputs[0]), StridesOf(node.inputs[0])});
  return MakeKernel([walk, function](const KernelArgs& args) mutable {
    const X* x = args.in<X>(0);
    Y* y = args.out<Y>(0);
    const int64_t n = walk.num_elements();
    for (int64_t i = 0; i < n; ++i, walk.Next()) y[walk.offset(0)] = function(x[walk.offset(1)]);
    return OkStatus();
  });
}

// y = function(x) for f32 and f64: a lambda without captures, T to T.
template <class Function>
constexpr KernelDef PlainFloatUnary(Function) {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchFloat(node.inputs[0].dtype,
                                 [&]<class T>(T) { return PlainUnaryKernel<T, T>(node, Function()); });
          },
          .pitched = true};
}

// The same for f32, f64, i32 and i64.
template <class Function>
constexpr KernelDef PlainUnary(Function) {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchNumber(node.inputs[0].dtype,
                                  [&]<class T>(T) { return PlainUnaryKernel<T, T>(node, Function()); });
          },
          .pitched = true};
}

}  // namespace weft::ops
