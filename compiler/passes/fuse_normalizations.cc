#include "compiler/passes/fuse_normalizations.h"

#include <algorithm>

#include "compiler/passes/patterns.h"
#include "compiler/passes/rewrite.h"
#include "ops/add/op.h"
#include "ops/exp/op.h"
#include "ops/layer_normalization/op.h"
#include "ops/log/op.h"
#include "ops/log_softmax/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/softmax/op.h"
#include "ops/sub/op.h"

namespace weft {
namespace {

// The one axis of a reduction that keeps it; -1 for other reductions.
template <class Reduction>
int OneAxis(const Node& node, int rank) {
  const auto& a = node.attrs<Reduction>();
  if (!a.keepdims || a.axes.size() != 1) return -1;
  return static_cast<int>(a.axes[0] < 0 ? a.axes[0] + rank : a.axes[0]);
}

// x of x - max(x) along the axis, or the value itself; softmax does not change with what is subtracted.
ValueId WithoutMaximum(const Graph& graph, ValueId value, int axis) {
  const Node* sub = Producer(graph, value, ops::SubOp::def);
  const Node* max = sub ? OwnProducer(graph, sub->inputs[1], ops::ReduceMaxOp::def) : nullptr;
  if (max == nullptr || max->inputs[0] != sub->inputs[0]) return value;
  return OneAxis<ops::ReduceMaxOp>(*max, graph.value(value).type.rank()) == axis ? sub->inputs[0] : value;
}

bool HasUses(const Graph& graph, ValueId value, size_t count) {
  return graph.value(value).uses.size() == count && !graph.IsOutput(value);
}

// (mean(x^2) + epsilon) over the last axes, as the normalizations have it under a root.
struct MeanSquare {
  ValueId x = ValueId::kNone;
  ValueId square = ValueId::kNone;  // x^2
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
  const auto& a = mean->attrs<ops::ReduceMeanOp>();
  const int axis = a.keepdims ? TrailingAxes(a.axes, graph.value(x).type.rank()) : -1;
  return {x, mean->inputs[0], axis, sum.number};
}

// x * (mean(x^2) + epsilon)^-1/2 * scale
struct Normalized {
  MeanSquare mean;
  ValueId scale = ValueId::kNone;
};
Normalized NormalizedOf(const Graph& graph, const Node& node, const Factors& f) {
  for (const Factor& root : f.factors) {
    if (f.factors.size() != 3 || root.power != -0.5) continue;
    const MeanSquare mean = MeanSquareOf(graph, root.value);
    if (mean.x == ValueId::kNone || mean.axis < 0 || !SameType(graph, mean.x, node.outputs[0])) continue;
    for (const Factor& scale : f.factors) {
      if (scale.value == mean.x) continue;  // x itself may have the shape of a scale
      if (!f.Are(1, {{root.value, -0.5}, {mean.x, 1}, {scale.value, 1}})) continue;
      if (IsScale(graph, scale.value, mean.x, mean.axis)) return {mean, scale.value};
    }
  }
  return {};
}

int64_t FromTheEnd(const Graph& graph, const MeanSquare& mean) {
  return mean.axis - graph.value(mean.x).type.rank();
}

}  // namespace

// exp(u) / sum(exp(u))
Var FuseSoftmax(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const ValueId exps = f.factors[i].value, sums = f.factors[1 - i].value;
    const Node* sum = OwnProducer(graph, sums, ops::ReduceSumOp::def);
    const Node* exp = Producer(graph, exps, ops::ExpOp::def);
    if (sum == nullptr || exp == nullptr || sum->inputs[0] != exps || !HasUses(graph, exps, 2)) continue;
    const int axis = OneAxis<ops::ReduceSumOp>(*sum, graph.value(exps).type.rank());
    if (axis < 0 || !f.Are(1, {{exps, 1}, {sums, -1}}) || !SameType(graph, exps, node.outputs[0])) continue;
    const ValueId u = exp->inputs[0];
    const ValueId x = HasOneUse(graph, u) ? WithoutMaximum(graph, u, axis) : u;
    return ops::Softmax(b.Wrap(x), axis - graph.value(x).type.rank());
  }
  return {};
}

// u - log(sum(exp(u)))
Var FuseLogSoftmax(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const ValueId u = node.inputs[0];
  const Node* log = OwnProducer(graph, node.inputs[1], ops::LogOp::def);
  const Node* sum = log ? OwnProducer(graph, log->inputs[0], ops::ReduceSumOp::def) : nullptr;
  const Node* exp = sum ? OwnProducer(graph, sum->inputs[0], ops::ExpOp::def) : nullptr;
  if (exp == nullptr || exp->inputs[0] != u) return {};
  const int rank = graph.value(u).type.rank(), axis = OneAxis<ops::ReduceSumOp>(*sum, rank);
  if (axis < 0) return {};
  const ValueId x = HasUses(graph, u, 2) ? WithoutMaximum(graph, u, axis) : u;
  return ops::LogSoftmax(b.Wrap(x), axis - rank);
}

Var FuseLogOfSoftmax(Builder& b, const Graph& graph, NodeId id) {
  const Node* softmax = OwnProducer(graph, graph.node(id).inputs[0], ops::SoftmaxOp::def);
  return softmax ? ops::LogSoftmax(b.Wrap(softmax->inputs[0]), softmax->attrs<ops::SoftmaxOp>().axis) : Var{};
}

Var FuseRmsNormalization(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  const Normalized n = NormalizedOf(graph, node, f);
  if (n.scale == ValueId::kNone) return {};
  return ops::RmsNormalization(b.Wrap(n.mean.x), b.Wrap(n.scale), static_cast<float>(n.mean.epsilon),
                               FromTheEnd(graph, n.mean));
}

// The same of c = x - mean(x), which only its square and the product read.
Var FuseLayerNormalization(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  const Normalized n = NormalizedOf(graph, node, f);
  const Node* sub = n.scale == ValueId::kNone ? nullptr : Producer(graph, n.mean.x, ops::SubOp::def);
  const Node* mean = sub ? OwnProducer(graph, sub->inputs[1], ops::ReduceMeanOp::def) : nullptr;
  if (mean == nullptr || mean->inputs[0] != sub->inputs[0] || graph.IsOutput(n.mean.x)) return {};
  const auto& a = mean->attrs<ops::ReduceMeanOp>();
  const ValueId x = sub->inputs[0];
  if (!a.keepdims || TrailingAxes(a.axes, graph.value(x).type.rank()) != n.mean.axis) return {};
  size_t others = 0;
  for (const Use& use : graph.value(n.mean.x).uses)
    others += use.node != graph.value(n.mean.square).producer ? 1 : 0;
  if (others != 1) return {};
  return ops::LayerNormalization(b.Wrap(x), b.Wrap(n.scale), {}, static_cast<float>(n.mean.epsilon),
                                 FromTheEnd(graph, n.mean));
}

Var FuseLayerNormalizationBias(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  for (size_t i = 0; i < 2; ++i) {
    const Node* norm = OwnProducer(graph, node.inputs[i], ops::LayerNormalizationOp::def);
    if (norm == nullptr || norm->inputs.size() > 2 || norm->outputs.size() > 1) continue;
    const auto& a = norm->attrs<ops::LayerNormalizationOp>();
    const ValueId x = norm->inputs[0], bias = node.inputs[1 - i];
    const int axis = static_cast<int>(a.axis < 0 ? a.axis + graph.value(x).type.rank() : a.axis);
    if (!IsScale(graph, bias, x, axis)) continue;
    return b.EmitAll(*norm->op, norm->attributes,
                     std::vector<Var>{b.Wrap(x), b.Wrap(norm->inputs[1]), b.Wrap(bias)})[0];
  }
  return {};
}

}  // namespace weft
