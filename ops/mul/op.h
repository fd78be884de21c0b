// Mul: c = a * b, elementwise. Integers wrap.
//   a, b  f32 f64 and all integers, broadcast to each other (ONNX's rule)   ->  c  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct MulOp {
  static const OpDef def;
};

Var Mul(Var a, Var b);

}  // namespace weft::ops
