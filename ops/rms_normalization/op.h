// RMSNormalization (Zhang & Sennrich 2019), ONNX's since opset 23:
//   y = x / sqrt(mean(x^2) + epsilon) * scale       mean over the dimensions from `axis` on
//   x        f32 f64 [outer.., inner..]
//   scale    the same type, broadcasts to inner..
//   y        x's type
//   inv_rms  [outer.., 1..] 1 / sqrt(mean(x^2) + epsilon); weft's own, kept for backward only
// ONNX rounds before the scale; weft rounds once.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct RmsNormalizationOp {
  static const OpDef def;
  int64_t axis = -1;
  float epsilon = 1e-5f;
  int64_t stash_type = 1;  // ONNX's element type of the statistics: 1 (f32); wider for f64
};

Var RmsNormalization(Var x, Var scale, float epsilon = 1e-5f, int64_t axis = -1);

}  // namespace weft::ops
