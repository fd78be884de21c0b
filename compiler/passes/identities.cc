#include "compiler/passes/identities.h"

#include <algorithm>

#include "compiler/passes/rewrite.h"
#include "ops/add/op.h"
#include "ops/cast/op.h"
#include "ops/concat/op.h"
#include "ops/div/op.h"
#include "ops/dropout/op.h"
#include "ops/expand/op.h"
#include "ops/identity/op.h"
#include "ops/mul/op.h"
#include "ops/neg/op.h"
#include "ops/pow/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/slice/op.h"
#include "ops/split/op.h"
#include "ops/squeeze/op.h"
#include "ops/sub/op.h"
#include "ops/transpose/op.h"
#include "ops/unsqueeze/op.h"

namespace weft {
namespace {

const TensorType& TypeOf(const Graph& graph, ValueId v) { return graph.value(v).type; }

// Operand `i` where it has the output's type, or nothing.
Var SameTyped(Builder& b, const Graph& graph, const Node& node, size_t i) {
  const ValueId x = node.inputs[i];
  return TypeOf(graph, x) == TypeOf(graph, node.outputs[0]) ? b.Wrap(x) : Var{};
}

// The other operand where one (of a commutative operator), or the second, is `neutral` throughout.
Var WithoutNeutral(Builder& b, const Graph& graph, const Node& node, double neutral) {
  if (UniformConstant(graph, node.inputs[1]) == neutral) {
    if (Var x = SameTyped(b, graph, node, 0); x.valid()) return x;
  }
  if (node.op->commutative && UniformConstant(graph, node.inputs[0]) == neutral) {
    return SameTyped(b, graph, node, 1);
  }
  return {};
}

template <int kNeutral>
Var Neutral(Builder& b, const Graph& graph, NodeId id) {
  return WithoutNeutral(b, graph, graph.node(id), kNeutral);
}

Var SameAsOperand(Builder& b, const Graph& graph, NodeId id) {
  return SameTyped(b, graph, graph.node(id), 0);
}

Var DoubleNegation(Builder& b, const Graph& graph, NodeId id) {
  const Node* inner = ProducerOf(graph, graph.node(id), 0, ops::NegOp::def);
  return inner ? b.Wrap(inner->inputs[0]) : Var{};
}

// Zero means "copy" in ONNX's Reshape unless allowzero says otherwise.
Var ReshapeTo(Builder& b, ValueId x, const Dims& shape) {
  const bool zero = std::find(shape.begin(), shape.end(), Dim(0)) != shape.end();
  return b.Emit(ops::ReshapeOp{.shape = shape, .allowzero = zero}, {b.Wrap(x)});
}

// Reshape, Squeeze and Unsqueeze after one another.
Var ReshapeChain(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  for (const OpDef* op : {&ops::ReshapeOp::def, &ops::SqueezeOp::def, &ops::UnsqueezeOp::def}) {
    const Node* inner = ProducerOf(graph, node, 0, *op);
    if (inner == nullptr) continue;
    const ValueId x = inner->inputs[0];
    const TensorType& out = TypeOf(graph, node.outputs[0]);
    return TypeOf(graph, x) == out ? b.Wrap(x) : ReshapeTo(b, x, out.shape);
  }
  return {};
}

// All of the operand, in its order.
Var WholeSlice(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const std::vector<int64_t>& steps = node.attrs<ops::SliceOp>().steps;
  const bool forward = std::all_of(steps.begin(), steps.end(), [](int64_t step) { return step > 0; });
  return forward ? SameTyped(b, graph, node, 0) : Var{};
}

Var OnlyPart(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  return node.inputs.size() == 1 && node.outputs.size() == 1 ? SameTyped(b, graph, node, 0) : Var{};
}

Var ExpandChain(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Node* inner = ProducerOf(graph, node, 0, ops::ExpandOp::def);
  if (inner == nullptr) return {};
  return b.Emit(ops::ExpandOp{TypeOf(graph, node.outputs[0]).shape}, {b.Wrap(inner->inputs[0])});
}

// Whether every value of `narrow` is one of `wide`.
bool Holds(DataType wide, DataType narrow) {
  struct Range {
    DataType type;
    int exponent, mantissa;  // bits; integers: digits as mantissa
  };
  static constexpr Range kFloats[] = {{DataType::kF64, 11, 52},  {DataType::kF32, 8, 23},
                                      {DataType::kBF16, 8, 7},   {DataType::kF16, 5, 10},
                                      {DataType::kF8E5M2, 5, 2}, {DataType::kF8E4M3, 4, 3}};
  const auto find = [](DataType t) {
    return std::find_if(std::begin(kFloats), std::end(kFloats), [&](const Range& r) { return r.type == t; });
  };
  const Range *w = find(wide), *n = find(narrow);
  if (w != std::end(kFloats) && n != std::end(kFloats)) {
    return w->exponent >= n->exponent && w->mantissa >= n->mantissa;
  }
  return wide == DataType::kI64 &&
         (narrow == DataType::kI32 || narrow == DataType::kI8 || narrow == DataType::kBool);
}

Var CastChain(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Node* inner = ProducerOf(graph, node, 0, ops::CastOp::def);
  if (inner == nullptr) return {};
  const ValueId x = inner->inputs[0];
  if (!Holds(TypeOf(graph, node.inputs[0]).dtype, TypeOf(graph, x).dtype)) return {};
  if (TypeOf(graph, x) == TypeOf(graph, node.outputs[0])) return b.Wrap(x);
  return b.Emit(node.attrs<ops::CastOp>(), {b.Wrap(x)});
}

Var TransposeChain(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const TensorType& in = TypeOf(graph, node.inputs[0]);
  const std::vector<int64_t> perm = ops::ResolvedPerm(node.attrs<ops::TransposeOp>(), in.rank());
  if (std::is_sorted(perm.begin(), perm.end())) return b.Wrap(node.inputs[0]);
  if (const Node* inner = ProducerOf(graph, node, 0, ops::TransposeOp::def)) {
    const std::vector<int64_t> first = ops::ResolvedPerm(inner->attrs<ops::TransposeOp>(), in.rank());
    std::vector<int64_t> both;
    for (int64_t axis : perm) both.push_back(first[static_cast<size_t>(axis)]);
    return b.Emit(ops::TransposeOp{both}, {b.Wrap(inner->inputs[0])});
  }
  int64_t last = -1;  // dimensions that matter stay in their order?
  for (int64_t axis : perm) {
    if (in.shape[static_cast<size_t>(axis)] == Dim(1)) continue;
    if (axis < last) return {};
    last = axis;
  }
  return ReshapeTo(b, node.inputs[0], TypeOf(graph, node.outputs[0]).shape);
}

// The sum, mean or maximum over axes of size 1 is what is there.
template <class Reduction>
Var ReductionOfOne(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const TensorType &in = TypeOf(graph, node.inputs[0]), &out = TypeOf(graph, node.outputs[0]);
  const auto& a = node.attrs<Reduction>();
  const auto is_one = [&](int64_t axis) {
    return in.shape[static_cast<size_t>(axis < 0 ? axis + in.rank() : axis)] == Dim(1);
  };
  const bool nothing = a.axes.empty() && a.noop_with_empty_axes;
  if (!nothing && (a.axes.empty() || !std::all_of(a.axes.begin(), a.axes.end(), is_one))) return {};
  if (in == out) return b.Wrap(node.inputs[0]);
  return ReshapeTo(b, node.inputs[0], out.shape);
}

Var IdleDropout(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  return node.attrs<ops::DropoutOp>().active() ? Var{} : b.Wrap(node.inputs[0]);
}

const RewriteRule kRules[] = {
    {&ops::AddOp::def, Neutral<0>},
    {&ops::SubOp::def, Neutral<0>},
    {&ops::MulOp::def, Neutral<1>},
    {&ops::DivOp::def, Neutral<1>},
    {&ops::PowOp::def, Neutral<1>},
    {&ops::NegOp::def, DoubleNegation},
    {&ops::IdentityOp::def, SameAsOperand},
    {&ops::CastOp::def, SameAsOperand},
    {&ops::CastOp::def, CastChain},
    {&ops::ExpandOp::def, SameAsOperand},
    {&ops::ExpandOp::def, ExpandChain},
    {&ops::ReshapeOp::def, SameAsOperand},
    {&ops::ReshapeOp::def, ReshapeChain},
    {&ops::SqueezeOp::def, ReshapeChain},
    {&ops::UnsqueezeOp::def, ReshapeChain},
    {&ops::TransposeOp::def, TransposeChain},
    {&ops::SliceOp::def, WholeSlice},
    {&ops::ConcatOp::def, OnlyPart},
    {&ops::SplitOp::def, OnlyPart},
    {&ops::ReduceSumOp::def, ReductionOfOne<ops::ReduceSumOp>},
    {&ops::ReduceMeanOp::def, ReductionOfOne<ops::ReduceMeanOp>},
    {&ops::ReduceMaxOp::def, ReductionOfOne<ops::ReduceMaxOp>},
    {&ops::DropoutOp::def, IdleDropout},
};

}  // namespace

int RemoveIdentities(Graph& graph) { return ApplyRules(graph, kRules); }

}  // namespace weft
