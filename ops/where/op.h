// Where: output = X where the condition holds, else Y, elementwise. It selects: a NaN that is not chosen is
// gone.
//   condition  bool;  x, y  any one type of whole bytes; all three broadcast to each other
//   ->  output  X's type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct WhereOp {
  static const OpDef def;
};

Var Where(Var condition, Var x, Var y);

}  // namespace weft::ops
