#include "ir/rule.h"
#include "ops/linear_cross_entropy_loss/op.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"

namespace weft::ops::linear_cross_entropy_loss {
namespace {

const Dims& ShapeOf(const Graph& graph, const Match& m, std::string_view label) {
  return graph.value(m.value(label)).type.shape;
}

bool IsLinear(const Graph& graph, const Match& m) {
  const auto& product = m.node(graph, "product").attrs<ProductOp>();
  return !product.trans_a && product.trans_b && ShapeOf(graph, m, "weight").size() == 2;
}

bool IsUnscaled(const Graph& graph, const Match& m) {
  return m.node(graph, "product").attrs<ProductOp>().alpha == 1.0f;
}

bool HasNoBias(const Graph&, const Match& m) { return m.value("bias") == ValueId::kNone; }
bool HasNoClassWeights(const Graph&, const Match& m) { return m.value("class_weights") == ValueId::kNone; }

bool ClassesAreColumns(const Graph& graph, const Match& m) {
  const Dims& scores = graph.value(m.node(graph, "loss").inputs[0]).type.shape;
  return scores.size() == 2 && scores[1] == ShapeOf(graph, m, "product").back();
}

bool IsReduced(const Graph& graph, const Match& m) {
  return m.node(graph, "loss").attrs<SoftmaxCrossEntropyLossOp>().reduction != "none";
}

// `reshaped`: rows of all batches follow each other in between.
void AddRule(RuleSet& rules, bool reshaped) {
  Rule& r = rules.Add("linear_cross_entropy_loss");
  const Pattern x = r.Any("x"), weight = r.Any("weight"), labels = r.Any("labels");
  const Pattern product = Op<ProductOp>(x, weight, r.Optional("bias")).Named("product");
  const Pattern scores = reshaped ? Op<ReshapeOp>(product) : product;
  r.Matches(Op<SoftmaxCrossEntropyLossOp>(scores, labels, r.Optional("class_weights")).Named("loss"))
      .When(IsReduced, "the loss is not reduced: each label has a gradient of its own")
      .When(HasNoClassWeights, "the classes have weights")
      .When(HasNoBias, "the product has a bias")
      .When(IsUnscaled, "the product is scaled")
      .When(IsLinear, "the product is not one by a weight of [classes, width]")
      .When(ClassesAreColumns, "the classes are not the product's columns")
      .Becomes<LinearCrossEntropyLossOp>(
          {x, weight, labels}, [](const Graph& graph, const Match& m) -> std::shared_ptr<const void> {
            const auto& loss = m.node(graph, "loss").attrs<SoftmaxCrossEntropyLossOp>();
            return std::make_shared<LinearCrossEntropyLossOp>(
                LinearCrossEntropyLossOp{loss.reduction, loss.ignore_index, loss.z_loss});
          });
}

}  // namespace

// The head of a language model and its loss. Before differentiation: the gradient comes out with the loss.
void Rules(RuleSet& rules) {
  AddRule(rules, /*reshaped=*/true);
  AddRule(rules, /*reshaped=*/false);
}

}  // namespace weft::ops::linear_cross_entropy_loss
