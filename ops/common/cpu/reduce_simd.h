// The vector kernel of reductions in f32 over the last axes ([kept, reduced]) or over axes before kept ones
// ([kept, reduced, kept]), as they are once neighbouring axes are taken together.
#pragma once
#include "ops/common/cpu/reduce.h"

namespace weft::ops {

enum class ReduceFunction : uint8_t { kSum, kMean, kMax };

std::string AcceptsSimdReduce(const KernelNode& node, const std::vector<bool>& reduced);
StatusOr<std::unique_ptr<Kernel>> PrepareSimdReduce(ReduceFunction function, const KernelNode& node,
                                                    const std::vector<bool>& reduced,
                                                    const KernelContext& context);

// A as in ReducedAxesOf.
template <class A, ReduceFunction kFunction>
constexpr KernelDef SimdReduce() {
  return {.name = "simd",
          .accepts = [](const KernelNode& node) { return AcceptsSimdReduce(node, ReducedAxesOf<A>(node)); },
          .prepare =
              [](const KernelNode& node, const KernelContext& context) {
                return PrepareSimdReduce(kFunction, node, ReducedAxesOf<A>(node), context);
              },
          .pitched = true};
}

}  // namespace weft::ops
