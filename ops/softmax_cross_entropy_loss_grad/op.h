// weft.SoftmaxCrossEntropyLossGrad: dscores = (exp(scores - lse) (1 + 2 z_loss lse) - one_hot(label)) *
// w[label] * dloss / (mean: sum of weights); 0 where the label is ignored. May take the place of the scores.
//   scores [N, C, d..], labels i64 [N, d..], weights [C] optional, lse [N, d..], dloss [] (none: [N, d..])
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct SoftmaxCrossEntropyLossGradOp {
  static const OpDef def;
  std::string reduction = "mean";
  int64_t ignore_index = INT64_MIN;  // kNoIgnoreIndex
  float z_loss = 0;
};

Var SoftmaxCrossEntropyLossGrad(Var scores, Var labels, Var weights, Var lse, Var dloss,
                                SoftmaxCrossEntropyLossGradOp attributes);

}  // namespace weft::ops
