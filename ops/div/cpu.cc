#include <type_traits>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/integer.h"
#include "ops/div/op.h"

namespace weft::ops::div {
namespace {

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
  return CheckedBinaryKernel<T, T, T>(node, [scope = node.scope](T a, T b, int64_t i, T* out) {
    if (b == 0) return InvalidArgument("Div '{}': {} / 0 at element {}", scope, a, i);
    *out = Quotient(a, b);
    return OkStatus();
  });
}

constexpr KernelDef kKernels[] = {
    SimdBinary<BinaryFunction::kDiv>(),
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchAnyNumber(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
         if constexpr (std::is_integral_v<T>) {
           return IntegerKernel<T>(node);
         } else {
           return PlainBinaryKernel<T, T, T>(node, [](T a, T b) { return a / b; });
         }
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::div
