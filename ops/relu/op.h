// Relu: y = max(x, 0), elementwise; NaN stays.
//   x  f32 f64 i32 i64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReluOp {
  static const OpDef def;
};

Var Relu(Var x);

}  // namespace weft::ops
