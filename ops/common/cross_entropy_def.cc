#include "ops/common/cross_entropy_def.h"

#include <cmath>

#include "base/quote.h"
#include "ops/common/elementwise_def.h"
#include "ops/cum_sum/op.h"
#include "ops/equal/op.h"
#include "ops/expand/op.h"
#include "ops/logical_not/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/softmax_cross_entropy_loss/op.h"
#include "ops/unsqueeze/op.h"
#include "ops/where/op.h"

namespace weft::ops {

Status CheckZLoss(const NodeTypes& node, float z_loss) {
  if (z_loss >= 0 && std::isfinite(z_loss)) return OkStatus();
  return node.Error("z_loss is {}, expected 0 or more", z_loss);
}

Var ZLoss(Var lse, float z_loss) { return lse * lse * static_cast<double>(z_loss); }

Status CheckCrossEntropy(const NodeTypes& node, const std::string& reduction, float z_loss) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& scores = node.input(0);
  if (scores.rank() < 2) return node.Error("scores is {}, expected [N, C, ..]", scores.ToString());
  if (node.input(1).dtype != DataType::kI64) {
    return node.Error("labels is {}, expected i64", Name(node.input(1).dtype));
  }
  Dims labels = scores.shape;
  labels.erase(labels.begin() + 1);
  if (node.input(1).shape != labels) {
    return node.Error("labels has shape {}, expected {} (scores {} without its classes)",
                      ToString(node.input(1).shape), ToString(labels), ToString(scores.shape));
  }
  if (node.has_input(2) && node.input(2) != TensorType{scores.dtype, {scores.shape[1]}}) {
    return node.Error("weights is {}, expected {} (a number for each class)", node.input(2).ToString(),
                      TensorType{scores.dtype, {scores.shape[1]}}.ToString());
  }
  if (reduction != "mean" && reduction != "sum" && reduction != "none") {
    return node.Error("reduction is {}, expected mean, sum or none", Quote(reduction));
  }
  return CheckZLoss(node, z_loss);
}

LabelMasks MasksOf(Builder& b, Var scores, Var labels, int64_t ignore_index) {
  LabelMasks masks;
  // 0 .. C-1 along axis 1: the running sum of ones before each.
  const Var ones = Expand(b.Scalar(1, DataType::kI64), {scores.dim(1)});
  Dims shape(scores.shape().size(), Dim(1));
  shape[1] = scores.dim(1);
  const Var classes = Reshape(CumSum(ones, 0, /*exclusive=*/true), shape);
  masks.one_hot = Equal(classes, Unsqueeze(labels, {1}));
  if (ignore_index != kNoIgnoreIndex) {
    Tensor ignored = Tensor::Scalar<int64_t>(ignore_index);
    masks.kept = Not(Equal(labels, b.Constant(std::move(ignored))));
  }
  return masks;
}

Var LabelWeights(Builder& b, Var scores, Var labels, const LabelMasks& masks, Var weights) {
  const DataType dtype = scores.dtype();
  Var w = Expand(b.Scalar(1, dtype), labels.shape());
  if (weights.valid()) {
    Dims shape(scores.shape().size(), Dim(1));
    shape[1] = scores.dim(1);
    w = ReduceSum(Where(masks.one_hot, Reshape(weights, shape), b.Scalar(0, dtype)), {1}, false);
  }
  return masks.kept.valid() ? Where(masks.kept, w, b.Scalar(0, dtype)) : w;
}

}  // namespace weft::ops
