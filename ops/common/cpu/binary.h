// The plain kernels of broadcasting elementwise operators with two operands.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// Over the output's elements; offsets: output, a, b.
inline Walk<3> BinaryWalk(const KernelNode& node) {
  const size_t rank = node.outputs[0].shape.size();
  return Walk<3>(node.outputs[0].shape, {StridesOf(node.outputs[0]), StridesOf(node.inputs[0], rank),
                                         StridesOf(node.inputs[1], rank)});
}

// out[i] = function(a[..], b[..]) with A, B, R the element types.
template <class A, class B, class R, class Function>
std::unique_ptr<Kernel> PlainBinaryKernel(const KernelNode& node, Function function) {
  return MakeKernel([walk = BinaryWalk(node), function](const KernelArgs& args) mutable {
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

// The same where the data may be refused: Status function(A a, B b, int64_t i, R* out) for element i.
template <class A, class B, class R, class Function>
std::unique_ptr<Kernel> CheckedBinaryKernel(const KernelNode& node, Function function) {
  return MakeKernel([walk = BinaryWalk(node), function](const KernelArgs& args) mutable {
    const int64_t n = walk.num_elements();
    walk.Reset();  // an earlier run may have ended midway
    for (int64_t i = 0; i < n; ++i, walk.Next()) {
      WEFT_RETURN_IF_ERROR(function(args.in<A>(0)[walk.offset(1)], args.in<B>(1)[walk.offset(2)], i,
                                    &args.out<R>(0)[walk.offset(0)]));
    }
    return OkStatus();
  });
}

// c = function(a, b) of any one type: a lambda without captures, T and T to T.
template <class Function>
constexpr KernelDef PlainBinary(Function) {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchAnyNumber(node.inputs[0].dtype, [&]<class T>(T) {
              return PlainBinaryKernel<T, T, T>(node, Function());
            });
          },
          .pitched = true};
}

// The same with a bool as result: std::less<>() and its like.
template <class Comparison>
constexpr KernelDef PlainCompare(Comparison) {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchNumberOrBool(node.inputs[0].dtype, [&]<class T>(T) {
              return PlainBinaryKernel<T, T, bool>(node, Comparison());
            });
          },
          .pitched = true};
}

}  // namespace weft::ops
