// Attention and its gradient written with simpler operators: their meaning.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

void AttentionBody(Builder& b, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs);
void AttentionGradBody(Builder& b, const NodeTypes& node, std::span<const Var> inputs,
                       std::span<Var> outputs);

}  // namespace weft::ops
