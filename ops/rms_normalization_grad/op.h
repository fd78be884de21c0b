// weft.RMSNormalizationGrad: both gradients of RMSNormalization in one pass over x and dy.
//   r = inv_rms, g = dy * scale:   dx = r (g - x r^2 mean(g x)) + accumulator
//                                  dscale = sum over rows of dy x r
//   x, dy    f32 f64 [outer.., inner..]     scale [inner..]     inv_rms [outer.., 1..]
//   accumulator  x's type, optional: the gradient that reaches x another way; dx may take its place
//   dx       x's type                       dscale [inner..]
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct RmsNormalizationGradOp {
  static const OpDef def;
  int64_t axis = -1;
};

struct RmsNormalizationGradVars {
  Var dx, dscale;
};
RmsNormalizationGradVars RmsNormalizationGrad(Var x, Var scale, Var dy, Var inv_rms, int64_t axis = -1);

}  // namespace weft::ops
