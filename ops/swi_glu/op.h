// weft.SwiGLU (Shazeer 2020): the gate of a feed-forward layer,
//   y = swish(gate) * up,   swish(x) = x * sigmoid(alpha * x)
//   gate, up  f32 f64, one type and shape   ->  y  the same type
// As one operator it reads two tensors and writes one, and backward needs nothing but its operands:
// swish(gate) is not kept.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SwiGluOp {
  static const OpDef def;
  float alpha = 1;
};

Var SwiGlu(Var gate, Var up, float alpha = 1);

}  // namespace weft::ops
