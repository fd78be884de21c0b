// Costs (OpDef::flops, OpDef::bytes) shared by operators. Shapes are bound.
#pragma once
#include "ir/op_def.h"

namespace weft::ops {

inline double NumElements(const TensorType& type) { return static_cast<double>(type.num_elements().value()); }
inline double BytesOf(const TensorType& type) {
  return static_cast<double>(SizeInBytes(type.dtype, type.num_elements().value()));
}
// Of operators that only move bytes.
inline double NoFlops(const NodeTypes&) { return 0; }

}  // namespace weft::ops
