// Checks of operands that inference shares. Messages name the operand, what it is and what was expected.
#pragma once
#include "ir/op_def.h"

namespace weft::ops {

// Input i has the type (dtype and shape) of input `like`; true of an absent one.
Status CheckLike(const NodeTypes& node, size_t i, size_t like);
// Input i is a tensor of exactly this type; true of an absent one.
Status CheckType(const NodeTypes& node, size_t i, const TensorType& type);
inline Status CheckScalar(const NodeTypes& node, size_t i, DataType dtype) {
  return CheckType(node, i, TensorType{dtype, {}});
}

}  // namespace weft::ops
