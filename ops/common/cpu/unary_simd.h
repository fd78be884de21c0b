// The vector kernel of unary elementwise operators in f32 and bf16.
#pragma once
#include "ops/kernel.h"

namespace weft::ops {

enum class UnaryFunction : uint8_t {
  kNeg,
  kAbs,
  kSqrt,
  kReciprocal,
  kRelu,
  kExp,
  kLog,
  kErf,
  kSigmoid,
  kTanh,
  kSwish,  // parameter: alpha
  kGelu,
  kGeluTanh,
};

std::string AcceptsSimdUnary(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimdUnary(UnaryFunction function, float parameter,
                                                   const KernelNode& node, const KernelContext& context);

template <UnaryFunction kFunction>
constexpr KernelDef SimdUnary() {
  return {
      .name = "simd",
      .accepts = AcceptsSimdUnary,
      .prepare = [](const KernelNode& node,
                    const KernelContext& context) { return PrepareSimdUnary(kFunction, 0, node, context); },
      .pitched = true,
      .narrow = true};
}

}  // namespace weft::ops
