// Tanh: y = the hyperbolic tangent of x, elementwise.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct TanhOp {
  static const OpDef def;
};

Var Tanh(Var input);

}  // namespace weft::ops
