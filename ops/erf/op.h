// Erf: the error function, elementwise.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ErfOp {
  static const OpDef def;
};

Var Erf(Var input);

}  // namespace weft::ops
