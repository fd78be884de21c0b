#include <cmath>

#include "ops/common/cpu/binary.h"
#include "ops/common/cpu/binary_simd.h"
#include "ops/swi_glu/op.h"

namespace weft::ops::swi_glu {
namespace {

template <class T>
T SwiGlu(T gate, T up, T alpha) {
  const T z = alpha * gate;
  const T e = std::exp(-std::fabs(z));  // does not overflow
  return gate * ((z < 0 ? e : T{1}) / (T{1} + e)) * up;
}

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = AcceptsSimdBinary,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareSimdBinary(BinaryFunction::kSwiGlu, node.attrs<SwiGluOp>().alpha, node, context);
         },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
         const T alpha = node.attrs<SwiGluOp>().alpha;
         return PlainBinaryKernel<T, T, T>(node, [alpha](T gate, T up) { return SwiGlu(gate, up, alpha); });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swi_glu
