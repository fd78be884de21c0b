// weft.SwiGLUGrad: the gradient of SwiGLU. With z = alpha * gate and s = sigmoid(z):
//   dgate = dy * up * s * (1 + z * (1 - s))
//   dup   = dy * gate * s
//   dy, gate, up  f32 f64, one type and shape   ->  dgate, dup  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SwiGluGradOp {
  static const OpDef def;
  float alpha = 1;
};

struct SwiGluGradients {
  Var gate, up;
};
SwiGluGradients SwiGluGrad(Var dy, Var gate, Var up, float alpha = 1);

}  // namespace weft::ops
