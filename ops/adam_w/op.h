// AdamW: one step of Adam with decoupled weight decay (Loshchilov & Hutter; as torch.optim.AdamW).
//   param, grad, m, v  f32 f64, one type and shape
//   lr                 param's dtype, []
//   step               i64, [], the number of this step from 1 on (for the bias correction)
//   scale              param's dtype, [], optional (absent: 1): multiplies grad (ClipScale)
//   new_param, new_m, new_v   param's type; take the bytes of param, m, v
//
//   g = scale * grad        m' = beta1 m + (1 - beta1) g        v' = beta2 v + (1 - beta2) g^2
//   param' = (1 - lr weight_decay) param - lr / (1 - beta1^step) * m' / (sqrt(v' / (1 - beta2^step)) +
//   epsilon)
//
// Where scale is not finite, the outputs are param, m and v, bit for bit. Moments below the smallest normal
// number become 0 (in f32: |m| < 1.2e-38): arithmetic on subnormal numbers is slow on many processors.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct AdamWOp {
  static const OpDef def;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.01f;
};

struct AdamWVars {
  Var param, m, v;
};
AdamWVars AdamW(AdamWOp settings, Var param, Var grad, Var m, Var v, Var lr, Var step, Var scale);

}  // namespace weft::ops
