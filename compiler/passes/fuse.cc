#include "compiler/passes/fuse.h"

#include <algorithm>

#include "compiler/passes/match_rule.h"
#include "ir/builder.h"
#include "ops/registry.h"

namespace weft {
namespace {

size_t Index(NodeId n) { return static_cast<size_t>(n); }

// The module path that all of them lie in; the first if they share none.
std::string CommonScope(const Graph& graph, const std::vector<NodeId>& nodes) {
  std::string common = graph.node(nodes[0]).scope;
  for (NodeId id : nodes) {
    const std::string& scope = graph.node(id).scope;
    while (!common.empty() && scope != common && !scope.starts_with(common + ".")) {
      const size_t dot = common.rfind('.');
      common.resize(dot == std::string::npos ? 0 : dot);
    }
  }
  return common.empty() ? graph.node(nodes[0]).scope : common;
}

class Fuser {
 public:
  Fuser(Graph& graph, const std::deque<Rule>& rules, const Fusions& fusions)
      : graph_(graph), position_(graph.num_node_slots(), 0) {
    for (const Rule& rule : rules) {
      if (fusions.Has(rule.name())) rules_.push_back(&rule);
    }
    std::stable_sort(rules_.begin(), rules_.end(),
                     [](const Rule* a, const Rule* b) { return a->num_operators() > b->num_operators(); });
    int32_t next = 0;
    for (NodeId id : graph.NodeIds()) position_[Index(id)] = next++;
  }

  StatusOr<std::vector<FusionNote>> Run() {
    for (bool fired = true; fired;) {
      fired = false;
      near_misses_.clear();
      for (NodeId id : graph_.NodeIds()) {
        if (!graph_.node(id).alive) continue;
        WEFT_ASSIGN_OR_RETURN(const bool replaced, TryAll(id));
        fired |= replaced;
      }
    }
    notes_.insert(notes_.end(), near_misses_.begin(), near_misses_.end());
    return std::move(notes_);
  }

 private:
  StatusOr<bool> TryAll(NodeId id) {
    for (const Rule* rule : rules_) {
      std::optional<FoundMatch> found = FindMatch(graph_, *rule, id, position_);
      if (!found) continue;
      FusionNote note{rule->name(), graph_.Describe(id), std::move(found->why_not)};
      if (!note.reason.empty()) {
        near_misses_.push_back(std::move(note));
        continue;
      }
      WEFT_RETURN_IF_ERROR(Prefix(fmt::format("rule {}", rule->name()), Replace(found->match)));
      notes_.push_back(std::move(note));
      return true;
    }
    return false;
  }

  // The outputs that the new node takes over, by its output index; kNone: absent.
  std::vector<ValueId> Kept(const Match& match) const {
    std::vector<Pattern> patterns = {match.rule->root()};
    patterns.insert(patterns.end(), match.rule->exports().begin(), match.rule->exports().end());
    std::vector<ValueId> kept;
    for (Pattern p : patterns) {
      const Node& node = graph_.node(match.nodes[static_cast<size_t>(p.id)]);
      const auto output = static_cast<size_t>(p.output);
      kept.push_back(output < node.outputs.size() ? node.outputs[output] : ValueId::kNone);
    }
    return kept;
  }

  bool IsReadOutside(ValueId v, const std::vector<NodeId>& nodes) const {
    const auto outside = [&](const Use& u) {
      return std::find(nodes.begin(), nodes.end(), u.node) == nodes.end();
    };
    const std::vector<Use>& uses = graph_.value(v).uses;
    return graph_.IsOutput(v) || std::any_of(uses.begin(), uses.end(), outside);
  }

  Status Replace(const Match& match) {
    const Rule& rule = *match.rule;
    const std::vector<NodeId> nodes = NodesOf(match, position_);
    const NodeId root = nodes.back();
    const std::vector<ValueId> kept = Kept(match);
    uint32_t optional = 0;
    for (size_t i = 1; i < kept.size(); ++i) {
      if (kept[i] != ValueId::kNone && IsReadOutside(kept[i], nodes)) optional |= uint32_t{1} << i;
    }
    Builder b(graph_, root);
    b.set_scope(CommonScope(graph_, nodes));
    b.set_phase(graph_.node(root).phase);
    std::vector<Var> operands;
    for (Pattern p : rule.operands()) {
      const ValueId v = match.values[static_cast<size_t>(p.id)];
      operands.push_back(v == ValueId::kNone ? Var{} : b.Wrap(v));
    }
    const std::vector<Var> fused = b.EmitAll(rule.op(), rule.Attributes(graph_, match), operands, optional);
    WEFT_RETURN_IF_ERROR(b.status());
    const NodeId id = graph_.value(fused[0].id).producer;
    graph_.SetClone(id, graph_.node(root).clone);
    position_.resize(graph_.num_node_slots(), 0);
    position_[Index(id)] = position_[Index(root)];
    for (size_t i = 0; i < kept.size(); ++i) {
      if (i == 0 || (optional >> i & 1) != 0) WEFT_RETURN_IF_ERROR(TakeOver(kept[i], fused[i].id));
    }
    for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) graph_.EraseNode(*it);
    graph_.EraseUnusedConstants();
    return OkStatus();
  }

  // `to` means the same as `from` and gets its readers and its name.
  Status TakeOver(ValueId from, ValueId to) {
    const std::string name = graph_.value(from).name;
    if (graph_.value(from).type != graph_.value(to).type) {
      return Internal("'{}' is {}, the fused operator gives {}", name, graph_.value(from).type.ToString(),
                      graph_.value(to).type.ToString());
    }
    const bool was_output = graph_.IsOutput(from);
    if (!graph_.ReplaceAllUses(from, to)) return Internal("'{}' cannot be replaced", name);
    if (was_output && graph_.value(to).name == name) return OkStatus();
    graph_.Rename(from, graph_.UniqueName(name + ".replaced"));
    graph_.Rename(to, name);
    return OkStatus();
  }

  Graph& graph_;
  std::vector<const Rule*> rules_;  // larger patterns first
  std::vector<int32_t> position_;   // by NodeId
  std::vector<FusionNote> notes_, near_misses_;
};

}  // namespace

StatusOr<std::vector<FusionNote>> Fuse(Graph& graph, const std::deque<Rule>& rules) {
  return Fuser(graph, rules, {}).Run();
}

StatusOr<std::vector<FusionNote>> Fuse(Graph& graph, FusionStage stage, const Fusions& fusions) {
  RuleSet rules;
  for (const OpEntry& entry : AllOps()) {
    const bool fits = stage == FusionStage::kAll || entry.gradient != nullptr;
    if (entry.rules != nullptr && fits) entry.rules(rules);
  }
  return Fuser(graph, rules.rules(), fusions).Run();
}

}  // namespace weft
