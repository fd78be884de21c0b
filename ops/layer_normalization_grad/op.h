// weft.LayerNormalizationGrad: the gradients of LayerNormalization in one pass over x and dy.
//   r = inv_std_dev, z = (x - mean) r, g = dy * scale:
//   dx = r (g - mean(g) - z mean(g z)),   dscale = sum over rows of dy z,   dbias = sum over rows of dy
//   x, dy  f32 f64 [outer.., inner..]     scale [inner..]     mean, inv_std_dev [outer.., 1..]
//   dx     x's type                       dscale, dbias [inner..]
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct LayerNormalizationGradOp {
  static const OpDef def;
  int64_t axis = -1;
};

struct LayerNormalizationGradVars {
  Var dx, dscale, dbias;
};
LayerNormalizationGradVars LayerNormalizationGrad(Var x, Var scale, Var dy, Var mean, Var inv_std_dev,
                                                  int64_t axis = -1);

}  // namespace weft::ops
