// LayerNormalization (Ba et al. 2016), ONNX's since opset 17:
//   y = (x - mean) / sqrt(variance + epsilon) * scale + bias     over the dimensions from `axis` on; the
//   variance is that of the population (divided by n)
//   x            f32 f64 [outer.., inner..]
//   scale, bias  the same type, broadcast to x (mostly [inner..]); bias is optional
//   y            x's type and shape
//   mean, inv_std_dev  [outer.., 1..], optional. In f32 as ONNX has them, or f64 for f64.
// ONNX rounds before the scale; weft rounds once.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct LayerNormalizationOp {
  static const OpDef def;
  int64_t axis = -1;
  float epsilon = 1e-5f;
  int64_t stash_type = 1;  // ONNX's element type of the statistics: 1 (f32); wider for f64
};

Var LayerNormalization(Var x, Var scale, Var bias = {}, float epsilon = 1e-5f, int64_t axis = -1);

}  // namespace weft::ops
