#include "compiler/passes/join_siblings.h"

#include <algorithm>

#include "ir/builder.h"
#include "ir/joined_name.h"
#include "ops/concat/op.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"
#include "ops/split/op.h"

namespace weft {
namespace {

constexpr size_t kWeight = 1, kBias = 2, kAccumulator = 3;
constexpr int64_t kAlignment = 64;  // each part begins where a storage of its own would

bool Has(const Node& node, size_t input) {
  return input < node.inputs.size() && node.inputs[input] != ValueId::kNone;
}

// A parameter's value copied into `to`, whose input `seed` is given.
StatusOr<Var> CopyInto(Builder& to, const Graph& from, Var seed) {
  std::vector<Var> copies(from.num_value_slots());
  for (ValueId v : from.inputs()) copies[static_cast<size_t>(v)] = seed;
  for (ValueId v : from.ConstantIds()) copies[static_cast<size_t>(v)] = to.Constant(*from.value(v).constant);
  for (NodeId id : from.NodeIds()) {
    const Node& node = from.node(id);
    std::vector<Var> inputs;
    for (ValueId v : node.inputs)
      inputs.push_back(v == ValueId::kNone ? Var{} : copies[static_cast<size_t>(v)]);
    uint32_t optional = 0;
    for (size_t i = 0; i < node.outputs.size() && i < 32; ++i) {
      if (node.outputs[i] != ValueId::kNone) optional |= uint32_t{1} << i;
    }
    const std::vector<Var> outputs = to.EmitAll(*node.op, node.attributes, inputs, optional);
    WEFT_RETURN_IF_ERROR(to.status());
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != ValueId::kNone) copies[static_cast<size_t>(node.outputs[i])] = outputs[i];
    }
  }
  return copies[static_cast<size_t>(from.outputs()[0])];
}

class Joiner {
 public:
  explicit Joiner(Graph& graph) : graph_(graph) {}

  StatusOr<std::vector<FusionNote>> Run() {
    for (NodeId id : graph_.NodeIds()) {
      if (!graph_.node(id).alive || graph_.node(id).op != &ops::ProductOp::def) continue;
      std::vector<NodeId> group;
      for (NodeId sibling : SiblingsOf(id)) {
        const std::string reason = WhyNot(sibling);
        if (reason.empty()) {
          group.push_back(sibling);
        } else if (sibling == id) {
          notes_.push_back({kSiblingsFusion, graph_.Describe(id), reason});
        }
      }
      if (group.size() < 2 || group[0] != id) continue;
      notes_.push_back({kSiblingsFusion, graph_.Describe(id), ""});
      WEFT_RETURN_IF_ERROR(Prefix("siblings", Join(group)));
    }
    return std::move(notes_);
  }

 private:
  const State* ParameterOf(ValueId v) const {
    const State* state = graph_.FindState(v);
    return state != nullptr && state->role == StateRole::kParameter ? state : nullptr;
  }

  // The products like this one, of the same operand with parameters; in order. Alone: nothing.
  std::vector<NodeId> SiblingsOf(NodeId id) const {
    const Node& node = graph_.node(id);
    std::vector<NodeId> siblings;
    for (const Use& use : graph_.value(node.inputs[0]).uses) {
      if (use.operand == 0 && IsLike(node, graph_.node(use.node))) siblings.push_back(use.node);
    }
    const std::vector<NodeId> order = graph_.NodeIds();
    const auto place = [&](NodeId n) { return std::find(order.begin(), order.end(), n); };
    std::sort(siblings.begin(), siblings.end(), [&](NodeId a, NodeId b) { return place(a) < place(b); });
    return siblings.size() < 2 ? std::vector<NodeId>() : siblings;
  }

  bool IsLike(const Node& a, const Node& b) const {
    if (b.op != &ops::ProductOp::def || ParameterOf(b.inputs[kWeight]) == nullptr) return false;
    const auto &x = a.attrs<ops::ProductOp>(), &y = b.attrs<ops::ProductOp>();
    return !Has(b, kAccumulator) && !y.trans_a && y.trans_b && x.trans_b && x.alpha == y.alpha &&
           a.phase == b.phase && a.clone == b.clone && Has(a, kBias) == Has(b, kBias) &&
           graph_.value(a.inputs[kWeight]).type.dtype == graph_.value(b.inputs[kWeight]).type.dtype;
  }

  std::string WhyNot(NodeId id) const {
    const Node& node = graph_.node(id);
    for (size_t i : {kWeight, kBias}) {
      if (!Has(node, i)) continue;
      const Value& value = graph_.value(node.inputs[i]);
      const State* state = ParameterOf(node.inputs[i]);
      if (state == nullptr) return fmt::format("'{}' is no parameter", value.name);
      if (value.uses.size() != 1) return fmt::format("'{}' has other readers", value.name);
      if (value.type.rank() != (i == kWeight ? 2 : 1) || !IsConstant(value.type.shape))
        return fmt::format("'{}' is {}", value.name, value.type.ToString());
      const int64_t elements = value.type.num_elements().value();
      const int64_t bytes = SizeInBytes(value.type.dtype, elements);
      if (bytes == 0 || bytes % kAlignment != 0)
        return fmt::format("'{}' has {} bytes, no multiple of {}", value.name, bytes, kAlignment);
      if (state->init == nullptr || !MayBeJoined(state->name))
        return fmt::format("'{}' cannot be a part of another state", state->name);
    }
    if (graph_.IsOutput(node.outputs[0])) return "it is an output of the graph";
    for (const Use& use : graph_.value(node.outputs[0]).uses) {
      if (graph_.node(use.node).op == &ops::ReshapeOp::def)
        return "its rows are reshaped, which needs them one after the other";
    }
    return "";
  }

  Status Join(const std::vector<NodeId>& group) {
    const Node first = graph_.node(group[0]);
    Builder b(graph_, group[0]);
    b.set_phase(first.phase);
    b.set_scope(first.scope.substr(0, std::max<size_t>(first.scope.rfind('.'), 0)));
    WEFT_ASSIGN_OR_RETURN(const Var weight, JoinStates(b, group, kWeight));
    Var bias;
    if (Has(first, kBias)) {
      WEFT_ASSIGN_OR_RETURN(bias, JoinStates(b, group, kBias));
    }
    const Var whole =
        ops::Product(b.Wrap(first.inputs[0]), weight, first.attrs<ops::ProductOp>(), bias, Var{});
    Dims sizes;
    for (NodeId id : group) sizes.push_back(graph_.value(graph_.node(id).outputs[0]).type.shape.back());
    const std::vector<Var> parts = ops::Split(whole, sizes, -1);
    WEFT_RETURN_IF_ERROR(b.status());
    for (size_t i = 0; i < group.size(); ++i) {
      const ValueId from = graph_.node(group[i]).outputs[0];
      const std::string name = graph_.value(from).name;
      WEFT_CHECK(graph_.ReplaceAllUses(from, parts[i].id));
      EraseProduct(group[i]);
      graph_.Rename(parts[i].id, name);
    }
    return OkStatus();
  }

  // With the states of its weight and bias, which nothing else reads.
  void EraseProduct(NodeId id) {
    const Node node = graph_.node(id);
    graph_.EraseNode(id);
    for (size_t i : {kWeight, kBias}) {
      if (!Has(node, i)) continue;
      const std::vector<State>& states = graph_.states();
      const auto state = std::find_if(states.begin(), states.end(),
                                      [&](const State& s) { return s.value == node.inputs[i]; });
      graph_.EraseState(static_cast<size_t>(state - states.begin()));
    }
  }

  StatusOr<Var> JoinStates(Builder& b, const std::vector<NodeId>& group, size_t operand) {
    auto init = std::make_shared<Graph>();
    init->name = "init";
    Builder to(*init);
    const Var seed = to.Input("seed", {DataType::kI64, {}});
    std::vector<Var> values;
    std::vector<JoinedPart> parts;
    TensorType type = graph_.value(graph_.node(group[0]).inputs[operand]).type;
    int64_t rows = 0;
    for (NodeId id : group) {
      const State& state = *ParameterOf(graph_.node(id).inputs[operand]);
      parts.push_back({state.name, graph_.value(state.value).type.shape[0].value()});
      rows += parts.back().rows;
      WEFT_ASSIGN_OR_RETURN(values.emplace_back(), CopyInto(to, *state.init, seed));
    }
    to.Output(ops::Concat(values, 0));
    WEFT_RETURN_IF_ERROR(to.status());
    type.shape[0] = rows;
    const std::string name = JoinedName(parts);
    const Var value = b.Input(name, type);
    graph_.AddState({name, StateRole::kParameter, value.id, ValueId::kNone, std::move(init)});
    return value;
  }

  Graph& graph_;
  std::vector<FusionNote> notes_;
};

}  // namespace

StatusOr<std::vector<FusionNote>> JoinSiblings(Graph& graph, const Fusions& fusions) {
  if (!fusions.Has(kSiblingsFusion)) return std::vector<FusionNote>();
  return Joiner(graph).Run();
}

}  // namespace weft
