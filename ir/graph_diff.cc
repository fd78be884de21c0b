#include "ir/graph_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "ir/equal.h"

namespace weft {
namespace {

using Kind = GraphDifference::Kind;

std::string NameOf(const Graph& g, ValueId v) { return v == ValueId::kNone ? "-" : g.value(v).name; }

std::string Names(const Graph& g, const std::vector<ValueId>& values) {
  std::string text;
  for (ValueId v : values) text += (text.empty() ? "" : ", ") + NameOf(g, v);
  return text;
}

std::string OperatorName(const OpDef& op) {
  return op.domain.empty() ? std::string(op.name) : fmt::format("{}.{}", op.domain, op.name);
}

std::string FirstOutput(const Graph& g, const Node& n) {
  for (ValueId v : n.outputs) {
    if (v != ValueId::kNone) return g.value(v).name;
  }
  return "";
}

class Differ {
 public:
  Differ(const Graph& a, const Graph& b) : a_(a), b_(b), to_b_(a.num_value_slots(), ValueId::kNone) {}

  GraphDiff Run() {
    diff_.nodes_a = a_.num_nodes(), diff_.nodes_b = b_.num_nodes();
    if (a_.name != b_.name) Changed("graph", "", b_.name, {fmt::format("name: {} -> {}", a_.name, b_.name)});
    Bounds();
    Inputs();
    Constants();
    MatchByName();
    MatchByStructure();
    States();
    Outputs();
    Nodes();
    return std::move(diff_);
  }

 private:
  void Add(Kind kind, std::string_view what, const std::string& name, std::string summary) {
    diff_.differences.push_back({kind, what, "", name, std::move(summary), {}});
  }
  void Changed(std::string_view what, const std::string& scope, const std::string& name,
               std::vector<std::string> changes) {
    if (changes.empty()) return;
    diff_.differences.push_back({Kind::kChanged, what, scope, name, "", std::move(changes)});
  }
  static void Note(std::vector<std::string>* changes, std::string_view what, std::string_view a,
                   std::string_view b) {
    if (a != b)
      changes->push_back(fmt::format("{}: {} -> {}", what, a.empty() ? "none" : a, b.empty() ? "none" : b));
  }

  // ---- what stands around the nodes

  void Bounds() {
    std::map<std::string, std::pair<int64_t, int64_t>> bounds;
    for (const auto& [symbol, bound] : a_.symbol_bounds) bounds[symbol].first = bound;
    for (const auto& [symbol, bound] : b_.symbol_bounds) bounds[symbol].second = bound;
    for (const auto& [symbol, bound] : bounds) {
      if (bound.second == 0) {
        Add(Kind::kRemoved, "bound", symbol, fmt::format("<= {}", bound.first));
      } else if (bound.first == 0) {
        Add(Kind::kAdded, "bound", symbol, fmt::format("<= {}", bound.second));
      } else if (bound.first != bound.second) {
        Changed("bound", "", symbol, {fmt::format("<= {} -> <= {}", bound.first, bound.second)});
      }
    }
  }

  // Values of a (inputs or constants) and those of b: matched by name, those left over where `alike` holds.
  template <class Alike>
  void MatchValues(const std::vector<ValueId>& a, std::vector<ValueId> b, Alike alike) {
    const auto pair = [&](ValueId x, auto y) {
      if (y == b.end()) return;
      to_b_[static_cast<size_t>(x)] = *y;
      b.erase(y);
    };
    for (ValueId v : a) pair(v, std::find(b.begin(), b.end(), b_.Find(a_.value(v).name)));
    for (ValueId v : a) {
      if (Other(v) == ValueId::kNone) {
        pair(v, std::find_if(b.begin(), b.end(), [&](ValueId w) { return alike(a_.value(v), b_.value(w)); }));
      }
    }
  }

  void ReportValues(std::string_view what, const std::vector<ValueId>& a, const std::vector<ValueId>& b) {
    std::set<ValueId> met;
    for (ValueId v : a) {
      const Value& x = a_.value(v);
      if (Other(v) == ValueId::kNone) {
        Add(Kind::kRemoved, what, x.name, x.type.ToString());
        continue;
      }
      met.insert(Other(v));
      const Value& y = b_.value(Other(v));
      std::vector<std::string> changes;
      Note(&changes, "renamed", x.name, y.name);
      Note(&changes, "type", x.type.ToString(), y.type.ToString());
      if (x.constant && x.type == y.type && !Equal(*x.constant, *y.constant))
        changes.emplace_back("its values");
      Changed(what, "", y.name, std::move(changes));
    }
    for (ValueId v : b) {
      if (!met.contains(v)) Add(Kind::kAdded, what, b_.value(v).name, b_.value(v).type.ToString());
    }
  }

  void Inputs() {
    MatchValues(a_.inputs(), b_.inputs(), [](const Value&, const Value&) { return false; });
    ReportValues("input", a_.inputs(), b_.inputs());
    std::vector<ValueId> order;
    for (ValueId v : a_.inputs()) order.push_back(Other(v));
    if (Permuted(order, b_.inputs())) Changed("graph", "", b_.name, {"the order of its inputs"});
  }

  void Constants() {
    const std::vector<ValueId> a = a_.ConstantIds(), b = b_.ConstantIds();
    MatchValues(a, b, [](const Value& x, const Value& y) { return Equal(*x.constant, *y.constant); });
    ReportValues("constant", a, b);
  }

  // The same elements in another order.
  static bool Permuted(std::vector<ValueId> a, std::vector<ValueId> b) {
    if (a == b) return false;
    std::sort(a.begin(), a.end()), std::sort(b.begin(), b.end());
    return a == b;
  }

  void States() {
    for (const State& s : a_.states()) {
      const State* other = b_.FindStateByName(s.name);
      if (other == nullptr) {
        Add(Kind::kRemoved, "state", s.name, Summary(a_, s));
        continue;
      }
      std::vector<std::string> changes;
      Note(&changes, "role", Name(s.role), Name(other->role));
      if (Other(s.value) != other->value)
        Note(&changes, "input", NameOf(a_, s.value), NameOf(b_, other->value));
      if (Other(s.next) != other->next) {
        changes.push_back(fmt::format("next: {} -> {}", NameOf(a_, s.next), NameOf(b_, other->next)));
      }
      if ((s.init == nullptr) != (other->init == nullptr)) {
        Note(&changes, "initial value", s.init ? "a graph" : "", other->init ? "a graph" : "");
      } else if (s.init != nullptr) {
        GraphDiff init = DiffGraphs(*s.init, *other->init);
        std::erase_if(init.differences, [](const GraphDifference& d) { return d.what == "graph"; });
        if (!init.differences.empty()) changes.emplace_back("its initial value");
      }
      Changed("state", "", s.name, std::move(changes));
    }
    for (const State& s : b_.states()) {
      if (a_.FindStateByName(s.name) == nullptr) Add(Kind::kAdded, "state", s.name, Summary(b_, s));
    }
  }
  static std::string Summary(const Graph& g, const State& s) {
    return fmt::format("{} {}", Name(s.role), g.value(s.value).type.ToString());
  }

  void Outputs() {
    std::vector<ValueId> order;
    for (ValueId v : a_.outputs()) {
      order.push_back(Other(v));
      const bool kept = std::count(b_.outputs().begin(), b_.outputs().end(), Other(v)) != 0;
      if (!kept) Add(Kind::kRemoved, "output", NameOf(a_, v), a_.value(v).type.ToString());
    }
    for (ValueId v : b_.outputs()) {
      const bool had = std::count(order.begin(), order.end(), v) != 0;
      if (!had) Add(Kind::kAdded, "output", NameOf(b_, v), b_.value(v).type.ToString());
    }
    if (Permuted(order, b_.outputs())) Changed("graph", "", b_.name, {"the order of its outputs"});
  }

  // ---- nodes

  void Pair(NodeId x, NodeId y) {
    pairs_[y] = x;
    matched_.insert(x);
    const Node &a = a_.node(x), &b = b_.node(y);
    for (size_t i = 0; i < std::min(a.outputs.size(), b.outputs.size()); ++i) {
      if (a.outputs[i] != ValueId::kNone) to_b_[static_cast<size_t>(a.outputs[i])] = b.outputs[i];
    }
  }

  // Another operator under the same name in another scope is another node.
  void MatchByName() {
    for (NodeId y : b_.NodeIds()) {
      const ValueId v = a_.Find(FirstOutput(b_, b_.node(y)));
      if (v == ValueId::kNone || a_.value(v).producer == NodeId::kNone) continue;
      const NodeId x = a_.value(v).producer;
      const Node &a = a_.node(x), &b = b_.node(y);
      if (FirstOutput(a_, a) == FirstOutput(b_, b) && (a.op == b.op || a.scope == b.scope)) Pair(x, y);
    }
  }

  std::string Structure(const Graph& g, const Node& n, bool in_a) const {
    std::string text = fmt::format("{}|{}|{}|{}|{}|", OperatorName(*n.op), n.scope, Name(n.phase), n.clone,
                                   DescribeAttributes(n.op->fields, n.attributes.get()));
    for (ValueId v : n.inputs) text += fmt::format("{},", static_cast<int>(in_a ? Known(v) : v));
    for (ValueId v : n.outputs) text += v == ValueId::kNone ? "-" : "|" + g.value(v).type.ToString();
    return text;
  }

  void MatchByStructure() {
    std::multimap<std::string, NodeId> left;  // of b
    for (NodeId y : b_.NodeIds()) {
      if (!pairs_.contains(y)) left.emplace(Structure(b_, b_.node(y), false), y);
    }
    for (NodeId x : a_.NodeIds()) {  // in order: its operands are matched by now
      if (matched_.contains(x)) continue;
      const std::string structure = Structure(a_, a_.node(x), true);
      const auto found = left.lower_bound(structure);  // the first of several
      if (found == left.end() || found->first != structure) continue;
      Pair(x, found->second);
      left.erase(found);
    }
  }

  // The value of b that corresponds to one of a, or none.
  ValueId Other(ValueId v) const { return v == ValueId::kNone ? v : to_b_[static_cast<size_t>(v)]; }
  // The same for an operand, which may be absent: where nothing corresponds, a value that does not exist.
  ValueId Known(ValueId v) const {
    const ValueId other = Other(v);
    return other == ValueId::kNone && v != ValueId::kNone ? ValueId{-2} : other;
  }

  std::vector<std::string> Changes(const Node& a, const Node& b) const {
    std::vector<std::string> changes;
    Note(&changes, "renamed", FirstOutput(a_, a), FirstOutput(b_, b));
    Note(&changes, "operator", OperatorName(*a.op), OperatorName(*b.op));
    Note(&changes, "scope", a.scope, b.scope);
    Note(&changes, "phase", Name(a.phase), Name(b.phase));
    Note(&changes, "clone", fmt::format("{}", a.clone), fmt::format("{}", b.clone));
    if (a.op == b.op) {
      for (const Field& f : a.op->fields) {
        if (FieldEqual(f, a.attributes.get(), b.attributes.get())) continue;
        changes.push_back(fmt::format("{} -> {}", DescribeAttributes({&f, 1}, a.attributes.get()),
                                      DescribeAttributes({&f, 1}, b.attributes.get())));
      }
    }
    std::vector<ValueId> operands;
    for (ValueId v : a.inputs) operands.push_back(Known(v));
    if (operands != b.inputs) {
      changes.push_back(fmt::format("operands: ({}) -> ({})", Names(a_, a.inputs), Names(b_, b.inputs)));
    }
    OutputChanges(a, b, &changes);
    return changes;
  }
  void OutputChanges(const Node& a, const Node& b, std::vector<std::string>* changes) const {
    for (size_t i = 0; i < std::max(a.outputs.size(), b.outputs.size()); ++i) {
      const ValueId x = i < a.outputs.size() ? a.outputs[i] : ValueId::kNone;
      const ValueId y = i < b.outputs.size() ? b.outputs[i] : ValueId::kNone;
      if (x == ValueId::kNone && y == ValueId::kNone) continue;
      const std::string s = x == ValueId::kNone ? "" : a_.value(x).type.ToString();
      const std::string t = y == ValueId::kNone ? "" : b_.value(y).type.ToString();
      Note(changes, fmt::format("output {}", i), s, t);
    }
  }

  static std::string Summary(const Graph& g, const Node& n) {
    return fmt::format("{} ({})", OperatorName(*n.op), Names(g, n.inputs));
  }

  void Nodes() {
    std::map<std::string, size_t> scopes;  // in order of first appearance
    std::vector<std::pair<size_t, GraphDifference>> found;
    const auto rank = [&](const std::string& scope) {
      return scopes.emplace(scope, scopes.size()).first->second;
    };
    for (NodeId x : a_.NodeIds()) {
      const Node& n = a_.node(x);
      const size_t at = rank(n.scope);
      if (matched_.contains(x)) continue;
      found.push_back({at, {Kind::kRemoved, "node", n.scope, FirstOutput(a_, n), Summary(a_, n), {}}});
    }
    for (NodeId y : b_.NodeIds()) {
      const Node& n = b_.node(y);
      const size_t at = rank(n.scope);
      const auto pair = pairs_.find(y);
      if (pair == pairs_.end()) {
        found.push_back({at, {Kind::kAdded, "node", n.scope, FirstOutput(b_, n), Summary(b_, n), {}}});
        continue;
      }
      std::vector<std::string> changes = Changes(a_.node(pair->second), n);
      if (changes.empty()) {
        ++diff_.same_nodes;
      } else {
        found.push_back({at, {Kind::kChanged, "node", n.scope, FirstOutput(b_, n), "", std::move(changes)}});
      }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& p, const auto& q) { return p.first < q.first; });
    for (auto& [at, difference] : found) diff_.differences.push_back(std::move(difference));
    Order();
  }

  // Worth a line only where nothing else differs.
  void Order() {
    if (!diff_.differences.empty()) return;
    const std::vector<NodeId> a = a_.NodeIds(), b = b_.NodeIds();
    for (size_t i = 0; i < a.size(); ++i) {
      if (pairs_.at(b[i]) == a[i]) continue;
      Changed("graph", "", b_.name, {"the order of its nodes"});
      return;
    }
  }

  const Graph& a_;
  const Graph& b_;
  GraphDiff diff_;
  std::vector<ValueId> to_b_;       // of a's values
  std::map<NodeId, NodeId> pairs_;  // of b's nodes
  std::set<NodeId> matched_;        // of a's
};

}  // namespace

std::string_view Name(GraphDifference::Kind kind) {
  static constexpr std::string_view kNames[] = {"removed", "added", "changed"};
  return kNames[static_cast<int>(kind)];
}

int GraphDiff::Count(GraphDifference::Kind kind) const {
  return static_cast<int>(std::count_if(differences.begin(), differences.end(),
                                        [&](const GraphDifference& d) { return d.kind == kind; }));
}

GraphDiff DiffGraphs(const Graph& a, const Graph& b) { return Differ(a, b).Run(); }

std::string DiffReport(const GraphDiff& diff) {
  if (diff.differences.empty()) return fmt::format("the same graph: {} nodes\n", diff.nodes_a);
  std::string text, scope;
  for (const GraphDifference& d : diff.differences) {
    const bool node = d.what == "node";
    if (node && !d.scope.empty() && d.scope != scope) text += d.scope + "\n";
    if (node) scope = d.scope;
    text +=
        fmt::format("{}{} {}{}{}", node && !d.scope.empty() ? "  " : "", "-+~"[d.kind],
                    node ? "" : std::string(d.what) + " ", d.name, d.summary.empty() ? "" : ": " + d.summary);
    if (!d.changes.empty()) text += fmt::format(": {}", fmt::join(d.changes, "; "));
    text += '\n';
  }
  text += fmt::format("{} removed, {} added, {} changed; {} of {} and {} nodes are the same\n",
                      diff.Count(Kind::kRemoved), diff.Count(Kind::kAdded), diff.Count(Kind::kChanged),
                      diff.same_nodes, diff.nodes_a, diff.nodes_b);
  return text;
}

}  // namespace weft
