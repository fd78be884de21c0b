// SwishGrad: the gradient of Swish. With z = alpha * x and s = sigmoid(z):
//   dx = dy * s * (1 + z * (1 - s))
//   dy, x  f32 f64, one type   ->  dx  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SwishGradOp {
  static const OpDef def;
  float alpha = 1;
};

Var SwishGrad(Var dy, Var x, float alpha = 1);

}  // namespace weft::ops
