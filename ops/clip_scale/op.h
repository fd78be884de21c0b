// ClipScale: what to multiply a sum of gradients by, so that it becomes the mean over `count` tokens, no
// longer than `max_norm`.
//   norm       f32 f64, []   of the sum (GlobalNorm)
//   count      norm's type, [], optional (absent: 1)   how many tokens were summed
//   scale      norm's type, []
//   mean_norm  norm's type, [], optional               norm / count: the figure of the step line
//   scale = min(1, max_norm / (norm / count + 1e-6)) / count, as torch.nn.utils.clip_grad_norm_ does;
//   max_norm 0: no clipping, 1 / count. NaN where norm / count is not finite: the update then changes
//   nothing.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ClipScaleOp {
  static const OpDef def;
  float max_norm = 0;
};

struct ClipScaleVars {
  Var scale, mean_norm;
};
ClipScaleVars ClipScale(Var norm, Var count, float max_norm);

}  // namespace weft::ops
