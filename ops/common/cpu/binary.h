// The plain kernels of broadcasting elementwise operators with two operands.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// out[i] = function(a[..], b[..]) with A, B, R the element types.
template <class A, class B, class R, class Function>
std::unique_ptr<Kernel> PlainBinaryKernel(const KernelNode& node, Function function) {
  const size_t rank = node.outputs[0].shape.size();
  Walk<3> walk(node.outputs[0].shape, {StridesOf(node.outputs[0]), StridesOf(node.inputs[0], rank),
                                       StridesOf(node.inputs[1], rank)});
  return MakeKernel([walk, function](const KernelArgs& args) mutable {
    const A* a = args.in<A>(0);
    const B* b = args.in<B>(1);
    R* out = args.out<R>(0);
    const int64_t n = walk.num_elements();
    for (int64_t i = 0; i < n; ++i, walk.Next()) {
      out[walk.offset(0)] = function(a[walk.offset(1)], b[walk.offset(2)]);
    }
    return OkStatus();
  });
}

// Functor::Apply<T>(T a, T b) -> T.
template <class Functor>
constexpr KernelDef PlainBinary() {
  return {.name = "plain",
          .accepts = [](const KernelNode&) { return std::string(); },
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchAnyNumber(node.inputs[0].dtype, [&]<class T>(T) {
              return PlainBinaryKernel<T, T, T>(node,
                                                [](T a, T b) { return Functor::template Apply<T>(a, b); });
            });
          },
          .pitched = true};
}

}  // namespace weft::ops
