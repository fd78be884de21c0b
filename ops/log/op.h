// Log: y = the natural logarithm of x, elementwise; -inf at 0, NaN below.
//   input  f32 f64, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct LogOp {
  static const OpDef def;
};

Var Log(Var input);

}  // namespace weft::ops
