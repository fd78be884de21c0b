// Sign: y = 1 where x > 0, -1 where x < 0, else 0 (NaN stays NaN), elementwise.
//   input  f32 f64 i32 i64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SignOp {
  static const OpDef def;
};

Var Sign(Var input);

}  // namespace weft::ops
