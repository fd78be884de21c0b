// Div: c = a / b, elementwise. Integers are cut toward zero; to divide them by 0 is an error.
//   a, b  f32 f64 and all integers, broadcast to each other (ONNX's rule)   ->  c  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct DivOp {
  static const OpDef def;
};

Var Div(Var a, Var b);

}  // namespace weft::ops
