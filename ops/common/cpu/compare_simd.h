// Vector kernels in f32 around conditions: comparisons to bool, and Where (any type of four bytes).
#pragma once
#include "ops/kernel.h"

namespace weft::ops {

enum class Comparison : uint8_t { kEqual, kLess, kGreater };

std::string AcceptsSimdCompare(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimdCompare(Comparison comparison, const KernelNode& node,
                                                     const KernelContext& context);
template <Comparison kComparison>
constexpr KernelDef SimdCompare() {
  return {
      .name = "simd",
      .accepts = AcceptsSimdCompare,
      .prepare = [](const KernelNode& node,
                    const KernelContext& context) { return PrepareSimdCompare(kComparison, node, context); },
      .pitched = true};
}

std::string AcceptsSimdWhere(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimdWhere(const KernelNode& node, const KernelContext& context);
inline constexpr KernelDef kSimdWhere = {
    .name = "simd", .accepts = AcceptsSimdWhere, .prepare = PrepareSimdWhere, .pitched = true};

}  // namespace weft::ops
