#include "compiler/passes/rewrite.h"

#include <algorithm>

namespace weft {
namespace {

bool IsUsed(const Graph& graph, ValueId v) {
  return v != ValueId::kNone && (!graph.value(v).uses.empty() || graph.IsOutput(v));
}

bool OnlyFirstOutputIsUsed(const Graph& graph, const Node& node) {
  for (size_t i = 1; i < node.outputs.size(); ++i) {
    if (IsUsed(graph, node.outputs[i])) return false;
  }
  return !node.outputs.empty() && IsUsed(graph, node.outputs[0]);
}

// Erases a node that nothing reads, and then what only it read.
void EraseDead(Graph& graph, NodeId id) {
  std::vector<NodeId> dead = {id};
  while (!dead.empty()) {
    const NodeId next = dead.back();
    dead.pop_back();
    const Node& node = graph.node(next);
    const auto used = [&](ValueId v) { return IsUsed(graph, v); };
    if (!node.alive || std::any_of(node.outputs.begin(), node.outputs.end(), used)) continue;
    const std::vector<ValueId> inputs = node.inputs;
    graph.EraseNode(next);
    for (ValueId v : inputs) {
      if (v != ValueId::kNone && graph.value(v).producer != NodeId::kNone)
        dead.push_back(graph.value(v).producer);
    }
  }
}

// Erases nodes that were emitted and then not used, back to the one that stood before.
void EraseUnused(Graph& graph, NodeId from, NodeId until) {
  for (NodeId id = graph.node(from).previous; id != until;) {
    const NodeId previous = graph.node(id).previous;
    graph.EraseNode(id);
    id = previous;
  }
}

bool Replace(Graph& graph, NodeId id, const RewriteRule& rule) {
  const Node& node = graph.node(id);
  const NodeId before = node.previous;
  const size_t first_new = graph.num_value_slots();
  Builder b(graph, id);
  b.set_scope(node.scope);
  b.set_phase(node.phase);
  const Var replacement = rule.apply(b, graph, id);
  WEFT_CHECK(b.status().ok(), "{}: {}", graph.Describe(id), Message(b.status()));
  const ValueId from = graph.node(id).outputs[0];
  const ValueId to = replacement.id;
  if (to == ValueId::kNone || !graph.ReplaceAllUses(from, to)) {
    EraseUnused(graph, id, before);
    return false;
  }
  const std::string name = graph.value(from).name;
  const bool made = static_cast<size_t>(to) >= first_new && !graph.IsOutput(to);
  EraseDead(graph, id);
  if (made) graph.Rename(to, name);
  return true;
}

}  // namespace

int ApplyRules(Graph& graph, std::span<const RewriteRule> rules) {
  int total = 0;
  for (int replaced = 1; replaced > 0; total += replaced) {
    replaced = 0;
    for (NodeId id : graph.NodeIds()) {
      if (!graph.node(id).alive || !OnlyFirstOutputIsUsed(graph, graph.node(id))) continue;
      const OpDef* op = graph.node(id).op;
      for (const RewriteRule& rule : rules) {
        if (rule.op != op || !Replace(graph, id, rule)) continue;
        ++replaced;
        break;
      }
    }
  }
  graph.EraseUnusedConstants();
  return total;
}

const Node* ProducerOf(const Graph& graph, const Node& node, size_t operand, const OpDef& op) {
  if (operand >= node.inputs.size() || node.inputs[operand] == ValueId::kNone) return nullptr;
  const Value& value = graph.value(node.inputs[operand]);
  if (value.producer == NodeId::kNone || value.index != 0) return nullptr;
  const Node& producer = graph.node(value.producer);
  return producer.op == &op ? &producer : nullptr;
}

bool HasOneUse(const Graph& graph, ValueId value) {
  return graph.value(value).uses.size() == 1 && !graph.IsOutput(value);
}

std::optional<double> UniformConstant(const Graph& graph, ValueId value) {
  constexpr int64_t kMaxElements = 4096;
  if (value == ValueId::kNone || graph.value(value).constant == nullptr) return std::nullopt;
  const Tensor& tensor = *graph.value(value).constant;
  const int64_t n = tensor.num_elements();
  if (n == 0 || n > kMaxElements) return std::nullopt;
  const double first = ElementAsDouble(tensor, 0);
  for (int64_t i = 1; i < n; ++i) {
    if (!(ElementAsDouble(tensor, i) == first)) return std::nullopt;
  }
  return first;
}

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

Status TakeOver(Graph& graph, ValueId from, ValueId to) {
  const std::string name = graph.value(from).name;
  if (graph.value(from).type != graph.value(to).type) {
    return Internal("'{}' is {}, the fused operator gives {}", name, graph.value(from).type.ToString(),
                    graph.value(to).type.ToString());
  }
  const bool was_output = graph.IsOutput(from);
  if (!graph.ReplaceAllUses(from, to)) return Internal("'{}' cannot be replaced", name);
  if (was_output && graph.value(to).name == name) return OkStatus();
  graph.Rename(from, graph.UniqueName(name + ".replaced"));
  graph.Rename(to, name);
  return OkStatus();
}

}  // namespace weft
