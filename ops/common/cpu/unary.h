// The plain kernel of a unary elementwise operator: one loop for each element type.
#pragma once
#include "ops/common/cpu/dispatch.h"
#include "ops/kernel.h"

namespace weft::ops {

template <class Functor>
constexpr KernelDef PlainUnary() {
  return {"plain", [](const KernelNode&) { return std::string(); },
          [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
            const int64_t n = node.outputs[0].num_elements();
            return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
              return MakeKernel([n](const KernelArgs& args) {
                const T* x = args.in<T>(0);
                T* y = args.out<T>(0);
                for (int64_t i = 0; i < n; ++i) y[i] = Functor::template Apply<T>(x[i]);
                return OkStatus();
              });
            });
          }};
}

}  // namespace weft::ops
