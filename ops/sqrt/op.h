// Sqrt: y = sqrt(x), elementwise; NaN below 0.
//   x  f32 f64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SqrtOp {
  static const OpDef def;
};

Var Sqrt(Var x);

}  // namespace weft::ops
