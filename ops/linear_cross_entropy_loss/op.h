// weft.LinearCrossEntropyLoss: SoftmaxCrossEntropyLoss of the product x weight^T, whose scores are never
// whole: they are made, reduced and multiplied on one tile of rows after the other. What backward needs comes
// out of the same tiles, for a loss whose gradient is 1: backward multiplies by what really flows (P.-L. Hsu
// et al., Liger Kernel, 2024), so that no score is computed twice and none is kept.
//   x        f32 f64 [batch.., d]
//   weight   x's type [V, d]
//   labels   i64 [rows], rows = the product of batch.., 0 <= label < V, or ignore_index
//   loss     [] (mean: over labels kept; sum); ignored labels count nothing; z_loss as there
//   dx       x's type and shape, optional: d loss / d x = dscores weight, dscores = softmax(x weight^T)
//            (1 + 2 z_loss lse) - one_hot(label); may take the place of x
//   dweight  weight's type and shape, optional: d loss / d weight = dscores^T x, summed over tiles in f32
// In mixed precision x, weight and dx are bf16, and scores, loss and dweight f32.
// A mean over no labels is NaN, as in ONNX. A label out of range is an error at run time.
#pragma once
#include <string>

#include "ops/softmax_cross_entropy_loss/op.h"

namespace weft::ops {

struct LinearCrossEntropyLossOp {
  static const OpDef def;
  std::string reduction = "mean";  // mean, sum
  int64_t ignore_index = kNoIgnoreIndex;
  float z_loss = 0;
  int64_t tile_rows = 0;  // rows of scores at once, at most; 0: chosen by CrossEntropyTileRows
};

// The loss alone.
Var LinearCrossEntropyLoss(Var x, Var weight, Var labels, LinearCrossEntropyLossOp attributes);

// How many rows of scores of a node there are at once, at least 1. The last tile may have fewer.
int64_t CrossEntropyTileRows(const LinearCrossEntropyLossOp& attributes, int64_t rows, int64_t classes,
                             int64_t width);

}  // namespace weft::ops
