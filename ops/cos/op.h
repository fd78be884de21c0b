// Cos: y = cos(x), elementwise, x in radians.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct CosOp {
  static const OpDef def;
};

Var Cos(Var input);

}  // namespace weft::ops
