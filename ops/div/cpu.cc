#include <type_traits>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"
#include "ops/div/op.h"

namespace weft::ops::div {
namespace {

struct Functor {
  template <class T>
  static T Apply(T a, T b) {
    return a / b;
  }
};

// The smallest integer by -1 wraps.
template <class T>
T Quotient(T a, T b) {
  if (std::is_signed_v<T> && b == static_cast<T>(-1)) {
    return Wrapping(T{0}, a, [](auto x, auto y) { return x - y; });
  }
  return static_cast<T>(a / b);
}

template <class T>
std::unique_ptr<Kernel> IntegerKernel(const KernelNode& node) {
  const size_t rank = node.outputs[0].shape.size();
  Walk<3> walk(node.outputs[0].shape, {StridesOf(node.outputs[0]), StridesOf(node.inputs[0], rank),
                                       StridesOf(node.inputs[1], rank)});
  return MakeKernel([walk, scope = node.scope](const KernelArgs& args) mutable {
    const int64_t n = walk.num_elements();
    walk.Reset();
    for (int64_t i = 0; i < n; ++i, walk.Next()) {
      const T a = args.in<T>(0)[walk.offset(1)];
      const T b = args.in<T>(1)[walk.offset(2)];
      if (b == 0) return InvalidArgument("Div '{}': {} / 0 at element {}", scope, a, i);
      args.out<T>(0)[walk.offset(0)] = Quotient(a, b);
    }
    return OkStatus();
  });
}

constexpr KernelDef kKernels[] = {
    SimdBinary<BinaryFunction::kDiv>(),
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchAnyNumber(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
         if constexpr (std::is_integral_v<T>) {
           return IntegerKernel<T>(node);
         } else {
           return PlainBinaryKernel<T, T, T>(node, [](T a, T b) { return Functor::Apply<T>(a, b); });
         }
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::div
