// Exp: y = e^x, elementwise.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ExpOp {
  static const OpDef def;
};

Var Exp(Var input);

}  // namespace weft::ops
