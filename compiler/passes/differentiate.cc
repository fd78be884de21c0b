#include "compiler/passes/differentiate.h"

#include "compiler/passes/decompose.h"
#include "ir/gradient.h"
#include "ops/add/op.h"
#include "ops/identity/op.h"
#include "ops/registry.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }

class Differentiator {
 public:
  Differentiator(Graph& graph, std::span<const GradientSeed> seeds, std::span<const ValueId> wrt)
      : graph_(graph), seeds_(seeds.begin(), seeds.end()), wrt_(wrt), builder_(graph) {
    builder_.set_phase(Phase::kBackward);
  }

  StatusOr<std::vector<ValueId>> Run() {
    for (ValueId w : wrt_) {
      if (IsFloat(graph_.value(w).type.dtype)) continue;
      return InvalidArgument("'{}' has no gradient: it is {}, not float", graph_.value(w).name,
                             Name(graph_.value(w).type.dtype));
    }
    // A decomposed node's outputs are new values under the old names.
    std::vector<std::string> seeded;
    for (const GradientSeed& s : seeds_) seeded.push_back(graph_.value(s.value).name);
    WEFT_RETURN_IF_ERROR(ExpandComposites());
    for (size_t i = 0; i < seeds_.size(); ++i) seeds_[i].value = graph_.Find(seeded[i]);
    MarkActive();
    for (const GradientSeed& s : seeds_) Contribute(s.value, builder_.Wrap(s.gradient));
    const std::vector<NodeId> nodes = graph_.NodeIds();
    for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) WEFT_RETURN_IF_ERROR(Backward(*it));
    return Results();
  }

 private:
  // Values that depend on some w through float operands of differentiable nodes.
  void MarkActive() {
    active_.assign(graph_.num_value_slots(), false);
    blocked_.assign(graph_.num_value_slots(), NodeId::kNone);
    for (ValueId w : wrt_) active_[Index(w)] = true;
    for (NodeId id : graph_.NodeIds()) {
      const Node& n = graph_.node(id);
      bool reads_active = false;
      NodeId block = NodeId::kNone;
      for (ValueId v : n.inputs) {
        if (v == ValueId::kNone) continue;
        reads_active |= active_[Index(v)];
        if (block == NodeId::kNone) block = blocked_[Index(v)];
      }
      if (reads_active && !n.op->differentiable) block = id;
      for (ValueId v : n.outputs) {
        if (v == ValueId::kNone) continue;
        active_[Index(v)] = reads_active && n.op->differentiable && IsFloat(graph_.value(v).type.dtype);
        blocked_[Index(v)] = block;
      }
    }
  }

  Status ExpandComposites() {
    for (bool changed = true; changed;) {
      changed = false;
      MarkActive();
      for (NodeId id : graph_.NodeIds()) {
        const Node& n = graph_.node(id);
        const bool active = std::any_of(n.outputs.begin(), n.outputs.end(), [&](ValueId v) {
          return v != ValueId::kNone && Index(v) < active_.size() && active_[Index(v)];
        });
        if (!active || HasGradient(*n.op) || n.op->decompose == nullptr) continue;
        WEFT_RETURN_IF_ERROR(DecomposeNode(graph_, id));
        changed = true;
      }
    }
    return OkStatus();
  }

  static bool HasGradient(const OpDef& op) {
    const OpEntry* entry = FindOp(op);
    return entry != nullptr && entry->gradient != nullptr;
  }

  // Gradients that arrive at one value are added in the order in which they arrive.
  void Contribute(ValueId value, Var gradient) {
    if (Index(value) >= gradients_.size()) gradients_.resize(graph_.num_value_slots());
    Var& sum = gradients_[Index(value)];
    sum = sum.valid() ? ops::Add(sum, gradient) : gradient;
  }

  Var Gradient(ValueId value) const {
    return value != ValueId::kNone && Index(value) < gradients_.size() ? gradients_[Index(value)] : Var{};
  }

  Status Backward(NodeId id) {
    const Node node = graph_.node(id);
    std::vector<Var> grads;
    bool any = false;
    for (ValueId v : node.outputs) {
      const bool active = v != ValueId::kNone && Index(v) < active_.size() && active_[Index(v)];
      grads.push_back(active ? Gradient(v) : Var{});
      any |= grads.back().valid();
    }
    if (!any) return OkStatus();
    std::vector<bool> wanted;
    for (ValueId v : node.inputs) wanted.push_back(v != ValueId::kNone && active_[Index(v)]);
    const OpEntry* entry = FindOp(*node.op);
    if (entry == nullptr || entry->gradient == nullptr) {
      return InvalidArgument("{} has no gradient", graph_.Describe(id));
    }
    builder_.set_scope(node.scope);
    GradientContext ctx(builder_, id, std::move(grads), wanted);
    entry->gradient(ctx);
    if (!builder_.status().ok()) {
      return Prefix(fmt::format("gradient of {}", graph_.Describe(id)), builder_.status());
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i] || !ctx.results()[i].valid()) continue;
      Contribute(node.inputs[i], ctx.results()[i]);
    }
    return builder_.status();
  }

  StatusOr<std::vector<ValueId>> Results() {
    std::vector<ValueId> results;
    for (ValueId w : wrt_) {
      const Var gradient = Gradient(w);
      results.push_back(gradient.id);
      if (gradient.valid()) continue;
      for (const GradientSeed& s : seeds_) {
        const NodeId block = blocked_[Index(s.value)];
        if (block == NodeId::kNone || active_[Index(s.value)]) continue;
        return InvalidArgument("'{}' has no gradient: {} is not differentiable", graph_.value(w).name,
                               graph_.Describe(block));
      }
    }
    return results;
  }

  Graph& graph_;
  std::vector<GradientSeed> seeds_;
  std::span<const ValueId> wrt_;
  Builder builder_;
  std::vector<bool> active_;
  std::vector<NodeId> blocked_;  // the first node without a gradient on the way to a value
  std::vector<Var> gradients_;   // by value
};

}  // namespace

StatusOr<std::vector<ValueId>> Differentiate(Graph& graph, std::span<const GradientSeed> seeds,
                                             std::span<const ValueId> wrt) {
  return Differentiator(graph, seeds, wrt).Run();
}

StatusOr<std::vector<ValueId>> Differentiate(Graph& graph, ValueId loss, std::span<const ValueId> wrt) {
  const TensorType& type = graph.value(loss).type;
  if (type.rank() != 0 || !IsFloat(type.dtype)) {
    return InvalidArgument("the loss '{}' is {}, expected a float scalar", graph.value(loss).name,
                           type.ToString());
  }
  Builder b(graph);
  const GradientSeed seed{loss, b.Scalar(1.0, type.dtype).id};
  return Differentiate(graph, std::span<const GradientSeed>(&seed, 1), wrt);
}

namespace {

StatusOr<ValueId> LossOf(const Graph& graph) {
  const ValueId named = graph.Find("loss_sum");
  if (named != ValueId::kNone) return named;
  if (graph.outputs().size() == 1) return graph.outputs()[0];
  return InvalidArgument("a gradient needs the graph output 'loss_sum', or one output only");
}

}  // namespace

StatusOr<std::vector<ValueId>> AddParameterGradients(Graph& graph) {
  WEFT_ASSIGN_OR_RETURN(const ValueId loss, LossOf(graph));
  std::vector<ValueId> wrt;
  std::vector<std::string> names;
  for (const State& state : graph.states()) {
    if (state.role != StateRole::kParameter) continue;
    wrt.push_back(state.value);
    names.push_back(state.name);
  }
  for (ValueId input : graph.inputs()) {
    const Value& value = graph.value(input);
    if (!graph.states().empty() || !IsFloat(value.type.dtype)) continue;
    wrt.push_back(input);
    names.push_back(value.name);
  }
  if (wrt.empty()) return InvalidArgument("there is no parameter and no float input to differentiate by");
  WEFT_ASSIGN_OR_RETURN(std::vector<ValueId> gradients, Differentiate(graph, loss, wrt));
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i] == ValueId::kNone)
      return InvalidArgument("the loss does not depend on parameter '{}'", names[i]);
    const ValueId gradient = gradients[i];
    if (graph.value(gradient).producer != NodeId::kNone)
      graph.Rename(gradient, graph.UniqueName(names[i] + ".grad"));
  }
  return gradients;
}

Status AddGradients(Graph& graph) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<ValueId> gradients, AddParameterGradients(graph));
  Builder b(graph);
  b.set_phase(Phase::kBackward);
  for (ValueId gradient : gradients) {
    // A gradient may be a constant or another's too; an output is a value of its own.
    const bool own = graph.value(gradient).producer != NodeId::kNone && !graph.IsOutput(gradient);
    graph.AddOutput(own ? gradient : ops::Identity(b.Wrap(gradient)).id);
  }
  return b.status();
}

}  // namespace weft
