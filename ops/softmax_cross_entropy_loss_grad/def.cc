#include "ops/cast/op.h"
#include "ops/common/cost.h"
#include "ops/common/cross_entropy_def.h"
#include "ops/common/in_f32.h"
#include "ops/exp/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/softmax_cross_entropy_loss_grad/op.h"
#include "ops/unsqueeze/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossGradOp>();
  WEFT_RETURN_IF_ERROR(CheckCrossEntropy(node, attrs.reduction, attrs.z_loss));
  const TensorType& scores = node.input(0);
  const TensorType per_label{scores.dtype, node.input(1).shape};
  const TensorType loss = attrs.reduction == "none" ? per_label : TensorType{scores.dtype, {}};
  if (node.input(3) != per_label)
    return node.Error("lse is {}, expected {}", node.input(3).ToString(), per_label.ToString());
  if (node.input(4) != loss)
    return node.Error("dloss is {}, expected {}", node.input(4).ToString(), loss.ToString());
  return std::vector<TensorType>{scores};
}

void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossGradOp>();
  const Var scores = in[0], labels = in[1], lse = in[3], dloss = in[4];
  const LabelMasks masks = MasksOf(b, scores, labels, attrs.ignore_index);
  const Var weights = LabelWeights(b, scores, labels, masks, in[2]);
  Var factor = weights * dloss;
  if (attrs.reduction == "mean") factor = factor / ReduceSum(weights, {}, false);
  // 0 for what is ignored, also where nothing else is and the mean divides by 0.
  if (masks.kept.valid()) factor = Where(masks.kept, factor, b.Scalar(0, factor.dtype()));
  Var softmax = Exp(scores - Unsqueeze(lse, {1}));
  if (attrs.z_loss != 0)
    softmax = softmax * Unsqueeze(lse * (2 * static_cast<double>(attrs.z_loss)) + 1.0, {1});
  out[0] = (softmax - Cast(masks.one_hot, scores.dtype())) * Unsqueeze(factor, {1});
}

double Flops(const NodeTypes& node) { return 4 * NumElements(node.input(0)); }

constexpr Field kFields[] = {F<&SoftmaxCrossEntropyLossGradOp::reduction>("reduction"),
                             F<&SoftmaxCrossEntropyLossGradOp::ignore_index>("ignore_index"),
                             F<&SoftmaxCrossEntropyLossGradOp::z_loss>("z_loss")};
static_assert(FieldCount<SoftmaxCrossEntropyLossGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {
    {"scores"}, {"labels"}, {"weights", OperandDef::kOptional}, {"lse"}, {"dloss"}};
constexpr OperandDef kOutputs[] = {{"dscores"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SoftmaxCrossEntropyLossGradOp::def = {
    .name = "SoftmaxCrossEntropyLossGrad",
    .domain = "weft",
    .doc = "(softmax(scores) (1 + 2 z_loss lse) - one_hot(label)) w[label] dloss",
    .fields = kFields,
    .attributes = AttributesOf<SoftmaxCrossEntropyLossGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kFollow, .wide_inputs = 0b11100},
};

Var SoftmaxCrossEntropyLossGrad(Var scores, Var labels, Var weights, Var lse, Var dloss,
                                SoftmaxCrossEntropyLossGradOp attributes) {
  if (!scores.valid()) return {};
  return scores.builder->Emit(std::move(attributes), {scores, labels, weights, lse, dloss});
}

}  // namespace weft::ops
