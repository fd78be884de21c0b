#include "compiler/passes/join_updates.h"

#include <algorithm>

#include "ir/builder.h"
#include "ops/adam_w/op.h"
#include "ops/cast/op.h"
#include "ops/multi_tensor_adam_w/op.h"
#include "ops/sgd/op.h"

namespace weft {
namespace {

using ops::AdamWOp;
using ops::MultiTensorAdamWOp;
constexpr size_t kGradient = 1, kLr = 4, kStep = 5, kScale = 6;  // operands of AdamW

size_t Index(NodeId id) { return static_cast<size_t>(id); }
size_t Index(ValueId v) { return static_cast<size_t>(v); }

class Joiner {
 public:
  explicit Joiner(Graph& graph) : graph_(graph) {}

  StatusOr<std::vector<FusionNote>> Run() {
    const std::vector<NodeId> order = graph_.NodeIds();
    places_.resize(graph_.num_node_slots());
    for (size_t i = 0; i < order.size(); ++i) places_[Index(order[i])] = i;
    const std::vector<std::vector<NodeId>> groups = Groups(order);
    for (const std::vector<NodeId>& group : groups) {
      if (group.size() > 1 || CopyOf(group[0]) != NodeId::kNone) {
        WEFT_RETURN_IF_ERROR(JoinGroup(group));
      } else if (groups.size() > 1) {
        Note(group[0], "no other update has its learning rate, step, scale, betas and epsilon");
      }
    }
    NoteCasts();
    return std::move(notes_);
  }

 private:
  // ---- what belongs together

  // Updates alike, in order.
  std::vector<std::vector<NodeId>> Groups(const std::vector<NodeId>& order) const {
    std::vector<std::vector<NodeId>> groups;
    for (NodeId id : order) {
      if (graph_.node(id).op != &AdamWOp::def) continue;
      const auto group =
          std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return AreAlike(g[0], id); });
      (group == groups.end() ? groups.emplace_back() : *group).push_back(id);
    }
    return groups;
  }

  // That have one learning rate have one type.
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

  // The Cast of the new parameter that can be a result of the update.
  NodeId CopyOf(NodeId update) const {
    for (const Use& use : graph_.value(graph_.node(update).outputs[0]).uses) {
      const Node& reader = graph_.node(use.node);
      if (reader.op == &ops::CastOp::def && reader.attrs<ops::CastOp>().to == DataType::kBF16)
        return use.node;
    }
    return NodeId::kNone;
  }

  // ---- what keeps them apart

  // Without those that are not to be joined, as many as one node takes.
  Status JoinGroup(std::vector<NodeId> group) {
    if (Operand(graph_.node(group[0]), kScale) == ValueId::kNone) {
      Note(group[0], "it has no scale, so that it need not wait for the gradients of others");
      return OkStatus();
    }
    const size_t last = places_[Index(group.back())];
    const std::vector<bool> awaited = WhatItComesFrom(Operand(graph_.node(group[0]), kScale));
    std::erase_if(group, [&](NodeId id) {
      std::string reason = WhyNot(id, last, awaited);
      const bool apart = !reason.empty();
      if (apart) Note(id, std::move(reason));
      return apart;
    });
    for (size_t i = 0; i < group.size(); i += MultiTensorAdamWOp::kMostParameters) {
      const auto begin = group.begin() + static_cast<std::ptrdiff_t>(i);
      const size_t n = std::min(group.size() - i, MultiTensorAdamWOp::kMostParameters);
      if (n == 1 && CopyOf(*begin) == NodeId::kNone) {
        Note(*begin, "no other update is left to join it with");
        break;
      }
      Note(*begin, "");
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
      if (v == ValueId::kNone || seen[Index(v)]) continue;
      seen[Index(v)] = true;
      const NodeId producer = graph_.value(v).producer;
      if (producer == NodeId::kNone) continue;
      const std::vector<ValueId>& inputs = graph_.node(producer).inputs;
      stack.insert(stack.end(), inputs.begin(), inputs.end());
    }
    return seen;
  }

  std::string WhyNot(NodeId id, size_t last, const std::vector<bool>& awaited) const {
    const Node& node = graph_.node(id);
    const Value& gradient = graph_.value(node.inputs[kGradient]);
    if (gradient.producer != NodeId::kNone && !awaited[Index(node.inputs[kGradient])])
      return fmt::format("its gradient '{}' is none of those that its scale waits for", gradient.name);
    for (ValueId v : node.outputs) {
      const ValueId early = ReadBefore(last, v, CopyOf(id));
      if (early != ValueId::kNone)
        return fmt::format("'{}' is read before the last update", graph_.value(early).name);
    }
    return "";
  }

  // The result, or its copy, if a node up to `last` reads it. The copy itself moves with the update.
  ValueId ReadBefore(size_t last, ValueId v, NodeId copy) const {
    for (const Use& use : graph_.value(v).uses) {
      if (use.node == copy) {
        const ValueId early = ReadBefore(last, graph_.node(copy).outputs[0], NodeId::kNone);
        if (early != ValueId::kNone) return early;
      } else if (places_[Index(use.node)] <= last) {
        return v;
      }
    }
    return ValueId::kNone;
  }

  // ---- the one

  // Where the last of them is: all their operands are there, nothing has read their results.
  Status Join(const std::vector<NodeId>& group) {
    const Node first = graph_.node(group[0]);
    const size_t place = places_[Index(group.back())];
    const auto& settings = first.attrs<AdamWOp>();
    Builder b(graph_, group.back());
    b.set_phase(first.phase);
    b.set_scope("optimizer");
    MultiTensorAdamWOp joined{settings.beta1, settings.beta2, settings.epsilon};
    std::vector<ops::AdamWTensors> tensors;
    std::vector<NodeId> copies;
    for (NodeId id : group) {
      const Node& node = graph_.node(id);
      const NodeId copy = CopyOf(id);
      if (copy != NodeId::kNone) {
        joined.copied.push_back(static_cast<int64_t>(tensors.size()));
        copies.push_back(copy);
      }
      joined.weight_decay.push_back(node.attrs<AdamWOp>().weight_decay);
      tensors.push_back({b.Wrap(node.inputs[0]), b.Wrap(node.inputs[kGradient]), b.Wrap(node.inputs[2]),
                         b.Wrap(node.inputs[3])});
    }
    const auto results =
        ops::MultiTensorAdamW(std::move(joined), b.Wrap(first.inputs[kLr]), b.Wrap(first.inputs[kStep]),
                              b.Wrap(first.inputs[kScale]), tensors);
    WEFT_RETURN_IF_ERROR(b.status());
    const NodeId update = graph_.value(results.next[0].param.id).producer;
    graph_.SetClone(update, first.clone);
    places_.resize(graph_.num_node_slots());
    places_[Index(update)] = place;
    for (size_t i = 0; i < copies.size(); ++i) Replace(copies[i], {results.copies[i].id});
    for (size_t i = 0; i < group.size(); ++i) {
      const ops::AdamWVars& next = results.next[i];
      Replace(group[i], {next.param.id, next.m.id, next.v.id});
    }
    return OkStatus();
  }

  // The node's results by these, which take their names.
  void Replace(NodeId id, const std::vector<ValueId>& now) {
    const std::vector<ValueId> old = graph_.node(id).outputs;
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

  // ---- what is said

  // Why a new parameter is still read again, to be converted.
  void NoteCasts() {
    for (NodeId id : graph_.NodeIds()) {
      const Node& node = graph_.node(id);
      if (node.op != &ops::CastOp::def) continue;
      const Value& from = graph_.value(node.inputs[0]);
      if (from.producer == NodeId::kNone) continue;
      const Node& update = graph_.node(from.producer);
      const DataType to = node.attrs<ops::CastOp>().to;
      if (update.op == &AdamWOp::def && from.index == 0) {
        Note(id, "its update is not joined");
      } else if (update.op == &ops::SGDOp::def && from.index == 0) {
        Note(id, "SGD writes no copies");
      } else if (update.op == &MultiTensorAdamWOp::def && IsParameter(update, from.index)) {
        Note(id, to != DataType::kBF16 ? fmt::format("updates write copies in bf16, not in {}", Name(to))
                                       : "the update writes another copy of it");
      }
    }
  }

  static bool IsParameter(const Node& update, int output) {
    const auto i = static_cast<size_t>(output);
    return i < update.attrs<MultiTensorAdamWOp>().CopyOutput(0) && i % MultiTensorAdamWOp::Output(1) == 0;
  }

  void Note(NodeId id, std::string reason) {
    notes_.push_back({kUpdatesFusion, graph_.Describe(id), std::move(reason)});
  }

  Graph& graph_;
  std::vector<size_t> places_;  // by NodeId: the order, in which a joined update has its last one's
  std::vector<FusionNote> notes_;
};

}  // namespace

StatusOr<std::vector<FusionNote>> JoinUpdates(Graph& graph, const Fusions& fusions) {
  if (!fusions.Has(kUpdatesFusion)) return std::vector<FusionNote>();
  return Joiner(graph).Run();
}

}  // namespace weft
