// Reciprocal: y = 1 / x, elementwise.
//   x  f32 f64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReciprocalOp {
  static const OpDef def;
};

Var Reciprocal(Var x);

}  // namespace weft::ops
