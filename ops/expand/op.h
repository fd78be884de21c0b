// Expand: `input` broadcast to its common shape with `shape` (both ways: a 1 in `shape` keeps the dimension).
//   input  any type of whole bytes   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ExpandOp {
  static const OpDef def;
  Dims shape = {};
};

Var Expand(Var input, Dims shape);

}  // namespace weft::ops
