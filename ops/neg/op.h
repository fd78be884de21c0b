// Neg: y = -x, elementwise.
//   x  f32 f64 i32 i64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct NegOp {
  static const OpDef def;
};

Var Neg(Var x);

}  // namespace weft::ops
