// Swish: y = x * sigmoid(alpha * x); with alpha 1 also called SiLU. NaN at x = -inf.
//   x  f32 f64, any shape   ->  y  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SwishOp {
  static const OpDef def;
  float alpha = 1;
};

Var Swish(Var x, float alpha = 1);

}  // namespace weft::ops
