#include "ops/common/cost.h"
#include "ops/common/cross_entropy_def.h"
#include "ops/common/in_f32.h"
#include "ops/exp/op.h"
#include "ops/log/op.h"
#include "ops/operators.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/softmax_cross_entropy_loss/op.h"
#include "ops/squeeze/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossOp>();
  WEFT_RETURN_IF_ERROR(CheckCrossEntropy(node, attrs.reduction, attrs.z_loss));
  const TensorType& scores = node.input(0);
  const TensorType per_label{scores.dtype, node.input(1).shape};
  const TensorType loss = attrs.reduction == "none" ? per_label : TensorType{scores.dtype, {}};
  return std::vector<TensorType>{loss, scores, per_label};
}

void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossOp>();
  const Var scores = in[0], labels = in[1];
  const Var top = ReduceMax(scores, {1});
  const Var lse = Log(ReduceSum(Exp(scores - top), {1})) + top;
  const Var log_prob = scores - lse;
  const LabelMasks masks = MasksOf(b, scores, labels, attrs.ignore_index);
  const Var picked = ReduceSum(Where(masks.one_hot, log_prob, b.Scalar(0, scores.dtype())), {1}, false);
  const Var weights = LabelWeights(b, scores, labels, masks, in.size() > 2 ? in[2] : Var{});
  Var losses = -(weights * picked);
  if (attrs.z_loss != 0) losses = losses + weights * ZLoss(Squeeze(lse, {1}), attrs.z_loss);
  if (attrs.reduction == "none") out[0] = losses;
  if (attrs.reduction == "sum") out[0] = ReduceSum(losses, {}, false);
  if (attrs.reduction == "mean") out[0] = ReduceSum(losses, {}, false) / ReduceSum(weights, {}, false);
  if (node.has_output(1)) out[1] = log_prob;
  if (node.has_output(2)) out[2] = Squeeze(lse, {1});
}

double Flops(const NodeTypes& node) { return 5 * NumElements(node.input(0)); }

constexpr Field kFields[] = {F<&SoftmaxCrossEntropyLossOp::reduction>("reduction"),
                             F<&SoftmaxCrossEntropyLossOp::ignore_index>("ignore_index"),
                             F<&SoftmaxCrossEntropyLossOp::z_loss>("z_loss", kWeftOnly)};
static_assert(FieldCount<SoftmaxCrossEntropyLossOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"scores"}, {"labels"}, {"weights", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {
    {"output"}, {"log_prob", OperandDef::kOptional}, {"lse", OperandDef::kOptional, true}};

}  // namespace

constinit const OpDef SoftmaxCrossEntropyLossOp::def = {
    .name = "SoftmaxCrossEntropyLoss",
    .since_version = 13,
    .doc = "w[label] (z_loss lse^2 - log softmax(scores)[label]), classes on axis 1",
    .fields = kFields,
    .attributes = AttributesOf<SoftmaxCrossEntropyLossOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .precision = {.kind = Precision::kFollow, .wide_inputs = 0b100, .wide_outputs = 0b111},
};

Var SoftmaxCrossEntropyLoss(Var scores, Var labels, SoftmaxCrossEntropyLossOp attributes, Var weights) {
  if (!scores.valid()) return {};
  return scores.builder->Emit(std::move(attributes), {scores, labels, weights});
}

}  // namespace weft::ops
