#include "compiler/passes/match_rule.h"

#include <algorithm>
#include <functional>

#include "compiler/passes/rewrite.h"

namespace weft {
namespace {

size_t Index(Pattern p) { return static_cast<size_t>(p.id); }
size_t Index(NodeId n) { return static_cast<size_t>(n); }

// A pattern that a value still has to fit.
struct Goal {
  Pattern pattern;
  ValueId value;
};

// Depth first over the goals; where a commutative operator leaves a choice, both are tried to the end.
class Matcher {
 public:
  using AcceptFn = std::function<bool(const Match& match)>;
  Matcher(const Graph& graph, const Rule& rule, const AcceptFn& accept)
      : graph_(graph), rule_(rule), accept_(accept) {}

  // Whether a match was accepted; those that were not are passed by.
  bool Solve(std::vector<Goal> goals, Match match) const {
    while (!goals.empty()) {
      const Goal goal = goals.back();
      goals.pop_back();
      const PatternNode& pattern = rule_.node(goal.pattern);
      if (pattern.kind != PatternNode::kOperator) {
        if (!Bind(goal, match)) return false;
        continue;
      }
      const NodeId id = ProducerOf(goal);
      if (id == NodeId::kNone || graph_.node(id).op != pattern.op) return false;
      const bool known = match.bound[Index(goal.pattern)];
      if (known && match.nodes[Index(goal.pattern)] != id) return false;
      if (known) continue;
      match.bound[Index(goal.pattern)] = true;
      match.nodes[Index(goal.pattern)] = id;
      match.values[Index(goal.pattern)] = graph_.node(id).outputs[0];
      if (!FitsArity(pattern, graph_.node(id))) return false;
      if (pattern.op->commutative && pattern.operands.size() >= 2) {
        if (Solve(WithOperands(goals, pattern, id, true), match)) return true;
      }
      goals = WithOperands(std::move(goals), pattern, id, false);
    }
    return accept_(match);
  }

 private:
  NodeId ProducerOf(const Goal& goal) const {
    if (goal.value == ValueId::kNone) return NodeId::kNone;
    const Value& value = graph_.value(goal.value);
    return value.index == goal.pattern.output ? value.producer : NodeId::kNone;
  }

  // What the pattern does not mention is absent.
  static bool FitsArity(const PatternNode& pattern, const Node& node) {
    for (size_t i = pattern.operands.size(); i < node.inputs.size(); ++i) {
      if (node.inputs[i] != ValueId::kNone) return false;
    }
    return true;
  }

  std::vector<Goal> WithOperands(std::vector<Goal> goals, const PatternNode& pattern, NodeId id,
                                 bool swapped) const {
    const Node& node = graph_.node(id);
    for (size_t i = pattern.operands.size(); i-- > 0;) {  // the first operand is the first solved
      const size_t at = swapped && i < 2 ? 1 - i : i;
      goals.push_back({pattern.operands[i], at < node.inputs.size() ? node.inputs[at] : ValueId::kNone});
    }
    return goals;
  }

  bool Bind(const Goal& goal, Match& match) const {
    const size_t i = Index(goal.pattern);
    const PatternNode& pattern = rule_.node(goal.pattern);
    if (pattern.kind == PatternNode::kNumber) return UniformConstant(graph_, goal.value) == pattern.number;
    if (goal.value == ValueId::kNone && pattern.kind != PatternNode::kOptional) return false;
    if (match.bound[i]) return match.values[i] == goal.value;
    match.bound[i] = true;
    match.values[i] = goal.value;
    return true;
  }

  const Graph& graph_;
  const Rule& rule_;
  const AcceptFn& accept_;
};

// The value of a pattern's node that becomes an output of the new one.
ValueId ValueOf(const Graph& graph, const Match& match, Pattern p) {
  const Node& node = graph.node(match.nodes[Index(p)]);
  const auto output = static_cast<size_t>(p.output);
  return output < node.outputs.size() ? node.outputs[output] : ValueId::kNone;
}

// Why the nodes of the match may not be replaced at its root's place; empty if they may.
std::string WhyNot(const Graph& graph, const Match& match, const std::vector<int32_t>& position) {
  const Rule& rule = *match.rule;
  const std::vector<NodeId> nodes = NodesOf(match, position);
  const NodeId root = match.nodes[Index(rule.root())];
  const auto inside = [&](NodeId id) { return std::find(nodes.begin(), nodes.end(), id) != nodes.end(); };
  std::vector<ValueId> kept = {ValueOf(graph, match, rule.root())};
  for (Pattern p : rule.exports()) kept.push_back(ValueOf(graph, match, p));
  for (NodeId id : nodes) {
    if (graph.node(id).phase != graph.node(root).phase)
      return fmt::format("{} belongs to another phase", graph.Describe(id));
    for (ValueId v : graph.node(id).outputs) {
      if (v == ValueId::kNone) continue;
      const bool exported = std::find(kept.begin(), kept.end(), v) != kept.end();
      const Value& value = graph.value(v);
      if (!exported && graph.IsOutput(v)) return fmt::format("'{}' is an output of the graph", value.name);
      for (const Use& use : value.uses) {
        if (inside(use.node)) continue;
        if (!exported) return fmt::format("'{}' is read by {} too", value.name, graph.Describe(use.node));
        if (position[Index(use.node)] < position[Index(root)])
          return fmt::format("{} reads '{}' before all operands are there", graph.Describe(use.node),
                             value.name);
      }
    }
  }
  for (Pattern p : rule.operands()) {  // Add(dx, dscale) of one node: both are of it
    const ValueId v = match.values[Index(p)];
    if (v != ValueId::kNone && inside(graph.value(v).producer))
      return fmt::format("'{}' is computed by what would be replaced", graph.value(v).name);
  }
  for (const Rule::Condition& c : rule.conditions()) {
    if (!c.holds(graph, match)) return std::string(c.otherwise);
  }
  return {};
}

}  // namespace

std::vector<NodeId> NodesOf(const Match& match, const std::vector<int32_t>& position) {
  std::vector<NodeId> nodes;
  for (NodeId id : match.nodes) {
    if (id != NodeId::kNone) nodes.push_back(id);
  }
  const auto place = [&](NodeId id) { return position[Index(id)]; };
  std::sort(nodes.begin(), nodes.end(), [&](NodeId a, NodeId b) { return place(a) < place(b); });
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

std::optional<FoundMatch> FindMatch(const Graph& graph, const Rule& rule, NodeId root,
                                    const std::vector<int32_t>& position) {
  if (graph.node(root).op != rule.node(rule.root()).op) return std::nullopt;
  std::optional<FoundMatch> found;
  const Matcher::AcceptFn accept = [&](const Match& match) {
    std::string why_not = WhyNot(graph, match, position);
    const bool may = why_not.empty();
    if (may || !found) found = {match, std::move(why_not)};
    return may;
  };
  const size_t n = rule.nodes().size();
  Matcher(graph, rule, accept)
      .Solve({{rule.root(), graph.node(root).outputs[0]}},
             {&rule, std::vector<ValueId>(n, ValueId::kNone), std::vector<NodeId>(n, NodeId::kNone),
              std::vector<bool>(n, false)});
  return found;
}

}  // namespace weft
