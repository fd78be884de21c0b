// Reshape: the same elements in the same order, in another shape.
//   data  any type of whole bytes, any shape   ->  reshaped  the same type
//   shape  the new shape. 0 copies data's dimension at that index (with allowzero it means 0); one -1 is what
//          is left of the elements.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReshapeOp {
  static const OpDef def;
  Dims shape = {};
  bool allowzero = false;
};

Var Reshape(Var data, Dims shape);
// `shape` as it stands, a 0 being a 0.
Var ReshapeTo(Var data, Dims shape);

}  // namespace weft::ops
