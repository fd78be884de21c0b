// The plain kernel of Max and Min: any number of inputs, broadcast.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

template <class T, class Function>
std::unique_ptr<Kernel> PlainExtremumKernel(const KernelNode& node) {
  const Shape& shape = node.outputs[0].shape;
  std::vector<Walk<1>> inputs;
  for (const Operand& x : node.inputs) inputs.emplace_back(shape, std::array{StridesOf(x, shape.size())});
  Walk<1> output(shape, {StridesOf(node.outputs[0])});
  return MakeKernel([inputs, output](const KernelArgs& args) mutable {
    const int64_t n = output.num_elements();
    for (int64_t i = 0; i < n; ++i, output.Next()) {
      T value = args.in<T>(0)[inputs[0].offset(0)];
      for (size_t k = 1; k < inputs.size(); ++k) {
        value = Function()(value, args.in<T>(k)[inputs[k].offset(0)]);
      }
      for (Walk<1>& walk : inputs) walk.Next();
      args.out<T>(0)[output.offset(0)] = value;
    }
    return OkStatus();
  });
}

// function(a, b) is one of the two: a lambda without captures.
template <class Function>
constexpr KernelDef PlainExtremum(Function) {
  return {.name = "plain",
          .accepts = AcceptsAll,
          .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            return DispatchAnyNumber(node.inputs[0].dtype,
                                     [&]<class T>(T) { return PlainExtremumKernel<T, Function>(node); });
          },
          .pitched = true};
}

}  // namespace weft::ops
