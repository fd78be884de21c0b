// The vector kernel of elementwise operators with two operands in f32 or bf16, broadcast.
#pragma once
#include "ops/kernel.h"

namespace weft::ops {

enum class BinaryFunction : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMax,
  kMin,
  kSwiGlu,     // a: gate, b: up; parameter: alpha
  kSwishGrad,  // a: dy, b: x; parameter: alpha
  kGeluGrad,
  kGeluTanhGrad,
};

// Two operands of f32 or bf16.
std::string AcceptsSimdBinary(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimdBinary(BinaryFunction function, float parameter,
                                                    const KernelNode& node, const KernelContext& context);

template <BinaryFunction kFunction>
constexpr KernelDef SimdBinary() {
  return {
      .name = "simd",
      .accepts = AcceptsSimdBinary,
      .prepare = [](const KernelNode& node,
                    const KernelContext& context) { return PrepareSimdBinary(kFunction, 0, node, context); },
      .pitched = true,
      .narrow = true};
}

}  // namespace weft::ops
