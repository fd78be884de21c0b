// Add: c = a + b, elementwise. Integers wrap.
//   a, b  f32 f64 and all integers, broadcast to each other (ONNX's rule)   ->  c  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct AddOp {
  static const OpDef def;
};

Var Add(Var a, Var b);

}  // namespace weft::ops
