// SGD: one step of gradient descent, with momentum if asked for (as torch.optim.SGD with dampening 0).
//   param, grad  f32 f64, one type and shape
//   buffer       param's type; present if and only if momentum > 0; zeros before the first step
//   lr           param's dtype, []
//   scale        param's dtype, [], optional (absent: 1): multiplies grad (ClipScale)
//   new_param, new_buffer   param's type; take the bytes of param and buffer
//
//   g = scale * grad + weight_decay * param      buffer' = momentum * buffer + g
//   param' = param - lr * (no momentum: g; momentum: buffer'; nesterov: g + momentum * buffer')
//
// Where scale is not finite, the outputs are param and buffer, bit for bit.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SGDOp {
  static const OpDef def;
  float momentum = 0;
  float weight_decay = 0;
  bool nesterov = false;
};

struct SGDVars {
  Var param, buffer;  // buffer invalid without momentum
};
SGDVars SGD(SGDOp settings, Var param, Var grad, Var buffer, Var lr, Var scale);

}  // namespace weft::ops
