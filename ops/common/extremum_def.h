// What the definitions of Max and Min share.
#pragma once
#include "ops/common/cost.h"

namespace weft::ops {

inline constexpr OperandDef kExtremumInputs[] = {{"data_0", OperandDef::kVariadic}};

// For each element one comparison fewer than there are inputs.
inline double ExtremumFlops(const NodeTypes& node) {
  return NumElements(node.output(0)) * static_cast<double>(node.inputs.size() - 1);
}

template <ElementFunction kFunction>
ElementForm ElementOfTwo(const NodeTypes& node) {
  if (node.inputs.size() != 2) return {.why_not = "it has not two operands"};
  return {kFunction};
}

}  // namespace weft::ops
