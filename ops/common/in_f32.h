// The bodies of operators whose operands may be bf16: inputs widened exactly, the body in f32, each output
// rounded once. Around nodes without bf16 there is nothing.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

using DecomposeFn = void (*)(Builder& b, const NodeTypes& node, std::span<const Var> inputs,
                             std::span<Var> outputs);
void DecomposeInF32(DecomposeFn body, Builder& b, const NodeTypes& node, std::span<const Var> inputs,
                    std::span<Var> outputs);

// .decompose = InF32<Body>
template <DecomposeFn kBody>
void InF32(Builder& b, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  DecomposeInF32(kBody, b, node, inputs, outputs);
}

}  // namespace weft::ops
