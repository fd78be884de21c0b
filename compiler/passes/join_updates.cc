#include "compiler/passes/join_updates.h"

#include <algorithm>
#include <map>

#include "ir/builder.h"
#include "ops/adam_w/op.h"
#include "ops/multi_tensor_adam_w/op.h"

namespace weft {
namespace {

using ops::AdamWOp;
constexpr size_t kLr = 4, kStep = 5, kScale = 6;

class Joiner {
 public:
  explicit Joiner(Graph& graph) : graph_(graph) {}

  StatusOr<std::vector<FusionNote>> Run() {
    for (std::vector<NodeId>& group : Groups()) WEFT_RETURN_IF_ERROR(JoinGroup(std::move(group)));
    return std::move(notes_);
  }

 private:
  // Updates alike, in order.
  std::vector<std::vector<NodeId>> Groups() {
    std::vector<std::vector<NodeId>> groups;
    int32_t place = 0;
    for (NodeId id : graph_.NodeIds()) {
      places_[id] = place++;
      if (graph_.node(id).op != &AdamWOp::def) continue;
      const auto group =
          std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return AreAlike(g[0], id); });
      (group == groups.end() ? groups.emplace_back() : *group).push_back(id);
    }
    if (groups.size() < 2) return groups;
    for (const std::vector<NodeId>& group : groups) {
      if (group.size() == 1)
        Note(group[0], "no other update has its learning rate, step, scale, betas, epsilon and type");
    }
    return groups;
  }

  bool AreAlike(NodeId a, NodeId b) const {
    const Node &x = graph_.node(a), &y = graph_.node(b);
    const auto &p = x.attrs<AdamWOp>(), &q = y.attrs<AdamWOp>();
    return p.beta1 == q.beta1 && p.beta2 == q.beta2 && p.epsilon == q.epsilon && x.phase == y.phase &&
           x.clone == y.clone && Operand(x, kLr) == Operand(y, kLr) &&
           Operand(x, kStep) == Operand(y, kStep) && Operand(x, kScale) == Operand(y, kScale);
  }
  static ValueId Operand(const Node& node, size_t i) {
    return i < node.inputs.size() ? node.inputs[i] : ValueId::kNone;
  }

  // Without those that are not to be joined, as many as one node takes.
  Status JoinGroup(std::vector<NodeId> group) {
    if (group.size() < 2) return OkStatus();
    if (Operand(graph_.node(group[0]), kScale) == ValueId::kNone) {
      Note(group[0], "it has no scale, so that it need not wait for the gradients of others");
      return OkStatus();
    }
    const NodeId last = group.back();
    const std::vector<bool> awaited = WhatItComesFrom(Operand(graph_.node(last), kScale));
    std::erase_if(group, [&](NodeId id) {
      const std::string reason = WhyNot(id, last, awaited);
      if (!reason.empty()) Note(id, reason);
      return !reason.empty();
    });
    for (size_t i = 0; i < group.size(); i += ops::MultiTensorAdamWOp::kMostParameters) {
      const size_t n = std::min(group.size() - i, ops::MultiTensorAdamWOp::kMostParameters);
      if (n < 2) break;
      const auto begin = group.begin() + static_cast<std::ptrdiff_t>(i);
      Note(group[i], "");
      WEFT_RETURN_IF_ERROR(Prefix("updates", Join({begin, begin + static_cast<std::ptrdiff_t>(n)})));
    }
    return OkStatus();
  }

  // By ValueId.
  std::vector<bool> WhatItComesFrom(ValueId scale) const {
    std::vector<bool> seen(graph_.num_value_slots());
    std::vector<ValueId> stack = {scale};
    while (!stack.empty()) {
      const ValueId v = stack.back();
      stack.pop_back();
      if (v == ValueId::kNone || seen[static_cast<size_t>(v)]) continue;
      seen[static_cast<size_t>(v)] = true;
      const NodeId producer = graph_.value(v).producer;
      if (producer == NodeId::kNone) continue;
      const std::vector<ValueId>& inputs = graph_.node(producer).inputs;
      stack.insert(stack.end(), inputs.begin(), inputs.end());
    }
    return seen;
  }

  std::string WhyNot(NodeId id, NodeId last, const std::vector<bool>& awaited) const {
    const Node& node = graph_.node(id);
    const Value& gradient = graph_.value(node.inputs[1]);
    if (gradient.producer != NodeId::kNone && !awaited[static_cast<size_t>(node.inputs[1])])
      return fmt::format("its gradient '{}' is none of those that its scale waits for", gradient.name);
    for (ValueId v : node.outputs) {
      for (const Use& use : graph_.value(v).uses) {
        if (places_.at(use.node) <= places_.at(last))
          return fmt::format("'{}' is read before the last update", graph_.value(v).name);
      }
    }
    return "";
  }

  // Where the last of them is: all their operands are there, nothing has read their results.
  Status Join(const std::vector<NodeId>& group) {
    const Node first = graph_.node(group[0]);
    const auto& settings = first.attrs<AdamWOp>();
    Builder b(graph_, group.back());
    b.set_phase(first.phase);
    b.set_scope("optimizer");
    ops::MultiTensorAdamWOp joined{settings.beta1, settings.beta2, settings.epsilon};
    std::vector<ops::AdamWTensors> tensors;
    for (NodeId id : group) {
      const Node& node = graph_.node(id);
      joined.weight_decay.push_back(node.attrs<AdamWOp>().weight_decay);
      tensors.push_back(
          {b.Wrap(node.inputs[0]), b.Wrap(node.inputs[1]), b.Wrap(node.inputs[2]), b.Wrap(node.inputs[3])});
    }
    const auto results =
        ops::MultiTensorAdamW(std::move(joined), b.Wrap(first.inputs[kLr]), b.Wrap(first.inputs[kStep]),
                              b.Wrap(first.inputs[kScale]), tensors);
    WEFT_RETURN_IF_ERROR(b.status());
    for (size_t i = 0; i < group.size(); ++i) Replace(group[i], results[i]);
    return OkStatus();
  }

  // Its results by those that take their names.
  void Replace(NodeId id, const ops::AdamWVars& results) {
    const std::vector<ValueId> old = graph_.node(id).outputs;
    const ValueId now[] = {results.param.id, results.m.id, results.v.id};
    std::vector<std::string> names;
    for (size_t i = 0; i < old.size(); ++i) {
      names.push_back(graph_.value(old[i]).name);
      WEFT_CHECK(graph_.ReplaceAllUses(old[i], now[i]));
    }
    graph_.EraseNode(id);
    for (size_t i = 0; i < old.size(); ++i) {
      if (graph_.value(now[i]).name != names[i]) graph_.Rename(now[i], names[i]);
    }
  }

  void Note(NodeId id, std::string reason) {
    notes_.push_back({kUpdatesFusion, graph_.Describe(id), std::move(reason)});
  }

  Graph& graph_;
  std::map<NodeId, int32_t> places_;
  std::vector<FusionNote> notes_;
};

}  // namespace

StatusOr<std::vector<FusionNote>> JoinUpdates(Graph& graph, const Fusions& fusions) {
  if (!fusions.Has(kUpdatesFusion)) return std::vector<FusionNote>();
  return Joiner(graph).Run();
}

}  // namespace weft
