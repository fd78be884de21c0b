// Abs: y = |x|, elementwise. The smallest integer stays as it is (there is no positive one).
//   x  f32 f64 i32 i64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct AbsOp {
  static const OpDef def;
};

Var Abs(Var x);

}  // namespace weft::ops
