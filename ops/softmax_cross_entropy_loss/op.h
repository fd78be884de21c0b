// SoftmaxCrossEntropyLoss: l = -w[label] log softmax(scores)[label], classes on axis 1, summed or averaged.
// With weft's own z_loss z, l = w[label] (z lse^2 - log softmax(scores)[label]), lse the log-sum-exp of the
// label's scores: it keeps them from drifting (A. Chowdhery et al., PaLM, 2022).
//   scores   f32 f64 [N, C, d..]
//   labels   i64 [N, d..], 0 <= label < C, or ignore_index
//   weights  scores' type [C], optional
//   loss     [] (mean: sum of l / sum of w over labels kept; sum), or [N, d..] (none); ignored labels give 0
//   log_prob [N, C, d..], optional          lse  [N, d..] log-sum-exp of the scores; weft's own, for backward
// A mean over no labels is NaN, as in ONNX. A label out of range is an error at run time.
#pragma once
#include <cstdint>
#include <limits>
#include <string>

#include "ir/builder.h"

namespace weft::ops {

inline constexpr int64_t kNoIgnoreIndex = std::numeric_limits<int64_t>::min();

inline constexpr size_t kCrossEntropyLse = 2;  // which output it is

struct SoftmaxCrossEntropyLossOp {
  static const OpDef def;
  std::string reduction = "mean";  // mean, sum, none
  int64_t ignore_index = kNoIgnoreIndex;
  float z_loss = 0;
};

// The loss alone.
Var SoftmaxCrossEntropyLoss(Var scores, Var labels, SoftmaxCrossEntropyLossOp attributes, Var weights = {});

}  // namespace weft::ops
