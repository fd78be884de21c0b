#include "compiler/passes/fuse_composites.h"

#include <algorithm>
#include <cmath>

#include "compiler/passes/factors.h"
#include "compiler/passes/rewrite.h"
#include "ops/add/op.h"
#include "ops/div/op.h"
#include "ops/erf/op.h"
#include "ops/gelu/op.h"
#include "ops/mul/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/sigmoid/op.h"
#include "ops/swish/op.h"
#include "ops/tanh/op.h"

namespace weft {
namespace {

// The node of operator `op` that produces a value which nothing else reads; null if there is none.
const Node* OwnProducer(const Graph& graph, ValueId value, const OpDef& op) {
  const NodeId producer = graph.value(value).producer;
  if (producer == NodeId::kNone || graph.node(producer).op != &op || graph.value(value).index != 0)
    return nullptr;
  return HasOneUse(graph, value) ? &graph.node(producer) : nullptr;
}

// x of a sum x + number, in any order.
struct SumWithNumber {
  ValueId x = ValueId::kNone;
  double number = 0;
};
SumWithNumber AddedNumber(const Graph& graph, const Node& add) {
  for (size_t i = 0; i < 2; ++i) {
    if (const auto number = UniformConstant(graph, add.inputs[i])) return {add.inputs[1 - i], *number};
  }
  return {};
}

bool SameType(const Graph& graph, ValueId a, ValueId b) { return graph.value(a).type == graph.value(b).type; }

// x * sigmoid(alpha * x)
Var FuseSwish(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const Node* sigmoid = OwnProducer(graph, f.factors[i].value, ops::SigmoidOp::def);
    const Factor x = f.factors[1 - i];
    if (sigmoid == nullptr || !f.Are(1, {{f.factors[i].value, 1}, {x.value, 1}})) continue;
    const Factors inner = FactorsOf(graph, sigmoid->inputs[0]);
    const double alpha = sigmoid->inputs[0] == x.value ? 1 : inner.coefficient;
    const bool same = sigmoid->inputs[0] == x.value ||
                      (inner.Are(alpha, {{x.value, 1}}) && HasOneUse(graph, sigmoid->inputs[0]));
    if (!same || !SameType(graph, x.value, node.outputs[0])) continue;
    return ops::Swish(b.Wrap(x.value), static_cast<float>(alpha));
  }
  return {};
}

// What erf is taken of: x / sqrt 2.
bool IsErfArgument(const Graph& graph, ValueId u, ValueId x) {
  return HasOneUse(graph, u) && FactorsOf(graph, u).Are(std::sqrt(0.5), {{x, 1}});
}

// What tanh is taken of: sqrt(2 / pi) * (x + 0.044715 x^3).
bool IsTanhArgument(const Graph& graph, ValueId u, ValueId x) {
  const Factors f = FactorsOf(graph, u);
  if (!HasOneUse(graph, u) || f.factors.size() != 1) return false;
  if (!f.Are(std::sqrt(2 / M_PI), {{f.factors[0].value, 1}})) return false;
  const Node* sum = OwnProducer(graph, f.factors[0].value, ops::AddOp::def);
  if (sum == nullptr) return false;
  for (size_t i = 0; i < 2; ++i) {
    if (sum->inputs[i] == x && FactorsOf(graph, sum->inputs[1 - i]).Are(0.044715, {{x, 3}})) {
      return HasOneUse(graph, sum->inputs[1 - i]);
    }
  }
  return false;
}

// x / 2 * (1 + f(u))
Var FuseGelu(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const ValueId x = f.factors[1 - i].value;
    const Node* add = OwnProducer(graph, f.factors[i].value, ops::AddOp::def);
    if (add == nullptr || !f.Are(0.5, {{f.factors[i].value, 1}, {x, 1}})) continue;
    const SumWithNumber sum = AddedNumber(graph, *add);
    if (sum.x == ValueId::kNone || sum.number != 1 || !SameType(graph, x, node.outputs[0])) continue;
    const Node* erf = OwnProducer(graph, sum.x, ops::ErfOp::def);
    if (erf != nullptr && IsErfArgument(graph, erf->inputs[0], x)) return ops::Gelu(b.Wrap(x));
    const Node* tanh = OwnProducer(graph, sum.x, ops::TanhOp::def);
    if (tanh != nullptr && IsTanhArgument(graph, tanh->inputs[0], x)) return ops::Gelu(b.Wrap(x), "tanh");
  }
  return {};
}

// The first of the axes if they are the last ones, kept as ones; -1 if they are not.
int TrailingAxes(const ops::ReduceMeanOp& mean, int rank) {
  std::vector<int64_t> axes = mean.axes;
  for (int64_t& axis : axes) axis += axis < 0 ? rank : 0;
  std::sort(axes.begin(), axes.end());
  if (!mean.keepdims || axes.empty() || axes.back() != rank - 1) return -1;
  for (size_t i = 1; i < axes.size(); ++i) {
    if (axes[i] != axes[i - 1] + 1) return -1;
  }
  return static_cast<int>(axes[0]);
}

// mean(x^2) + epsilon, over the last axes.
struct MeanSquare {
  ValueId x = ValueId::kNone;
  int axis = -1;
  double epsilon = 0;
};
MeanSquare MeanSquareOf(const Graph& graph, ValueId value) {
  const Node* add = OwnProducer(graph, value, ops::AddOp::def);
  if (add == nullptr) return {};
  const SumWithNumber sum = AddedNumber(graph, *add);
  const Node* mean = sum.x == ValueId::kNone ? nullptr : OwnProducer(graph, sum.x, ops::ReduceMeanOp::def);
  if (mean == nullptr || !HasOneUse(graph, mean->inputs[0])) return {};
  const Factors square = FactorsOf(graph, mean->inputs[0]);
  if (square.factors.size() != 1 || !square.Are(1, {{square.factors[0].value, 2}})) return {};
  const ValueId x = square.factors[0].value;
  const int rank = graph.value(x).type.rank();
  return {x, TrailingAxes(mean->attrs<ops::ReduceMeanOp>(), rank), sum.number};
}

// A factor that depends on nothing but the normalized dimensions.
bool IsScale(const Graph& graph, ValueId scale, ValueId x, int axis) {
  const TensorType &s = graph.value(scale).type, &t = graph.value(x).type;
  if (s.dtype != t.dtype || s.rank() > t.rank() - axis) return false;
  const int offset = t.rank() - s.rank();
  for (int i = 0; i < s.rank(); ++i) {
    if (s.shape[static_cast<size_t>(i)] != t.shape[static_cast<size_t>(i + offset)]) return false;
  }
  return s.rank() > 0;
}

// x * (mean(x^2) + epsilon)^-1/2 * scale
Var FuseRmsNormalization(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 3) return {};
  for (const Factor& root : f.factors) {
    if (root.power != -0.5) continue;
    const MeanSquare mean = MeanSquareOf(graph, root.value);
    if (mean.x == ValueId::kNone || mean.axis < 0 || !SameType(graph, mean.x, node.outputs[0])) continue;
    for (const Factor& scale : f.factors) {
      if (!f.Are(1, {{root.value, -0.5}, {mean.x, 1}, {scale.value, 1}})) continue;
      if (!IsScale(graph, scale.value, mean.x, mean.axis)) continue;
      const int64_t axis = mean.axis - graph.value(mean.x).type.rank();
      return ops::RmsNormalization(b.Wrap(mean.x), b.Wrap(scale.value), static_cast<float>(mean.epsilon),
                                   axis);
    }
  }
  return {};
}

// The whole product, seen from its last node. (From an inner one less is seen, and nothing matches yet.)
Var FuseProduct(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Factors f = FactorsOf(graph, node.outputs[0]);
  for (const auto fuse : {FuseSwish, FuseGelu, FuseRmsNormalization}) {
    if (Var fused = fuse(b, graph, node, f); fused.valid()) return fused;
  }
  return {};
}

const RewriteRule kRules[] = {{&ops::MulOp::def, FuseProduct}, {&ops::DivOp::def, FuseProduct}};

}  // namespace

int FuseComposites(Graph& graph) { return ApplyRules(graph, kRules); }

}  // namespace weft
