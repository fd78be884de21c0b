// Sin: y = sin(x), elementwise, x in radians.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SinOp {
  static const OpDef def;
};

Var Sin(Var input);

}  // namespace weft::ops
