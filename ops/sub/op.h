// Sub: c = a - b, elementwise. Integers wrap.
//   a, b  f32 f64 i32 i64, broadcast to each other (ONNX's rule)   ->  c  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SubOp {
  static const OpDef def;
};

Var Sub(Var a, Var b);

}  // namespace weft::ops
