#include "compiler/passes/dead_code.h"

#include <algorithm>
#include <set>

namespace weft {

int RemoveDeadCode(Graph& graph) {
  int removed = 0;
  std::set<ValueId> results(graph.outputs().begin(), graph.outputs().end());
  for (const State& s : graph.states()) results.insert(s.next);
  const auto is_read = [&](ValueId v) {
    return v != ValueId::kNone && (!graph.value(v).uses.empty() || results.contains(v));
  };
  const std::vector<NodeId> nodes = graph.NodeIds();
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const std::vector<ValueId> outputs = graph.node(*it).outputs;
    if (std::none_of(outputs.begin(), outputs.end(), is_read)) {
      graph.EraseNode(*it);
      ++removed;
      continue;
    }
    const std::span<const OperandDef> slots = graph.node(*it).op->outputs;
    for (size_t i = 0; i < outputs.size(); ++i) {
      const bool optional = i < slots.size() && slots[i].arity == OperandDef::kOptional;
      if (!optional || outputs[i] == ValueId::kNone || is_read(outputs[i])) continue;
      graph.DropOutput(*it, static_cast<int>(i));
      ++removed;
    }
  }
  graph.EraseUnusedConstants();
  return removed;
}

}  // namespace weft
