// Sigmoid: y = 1 / (1 + e^-x), elementwise.
//   x  f32 f64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SigmoidOp {
  static const OpDef def;
};

Var Sigmoid(Var x);

}  // namespace weft::ops
