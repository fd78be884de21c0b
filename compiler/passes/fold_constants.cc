#include "compiler/passes/fold_constants.h"

#include <algorithm>

namespace weft {
namespace {

bool CanFold(const Graph& graph, const Node& node, int64_t max_elements) {
  if (node.op->random) return false;
  for (ValueId v : node.inputs) {
    if (v != ValueId::kNone && graph.value(v).constant == nullptr) return false;
  }
  return std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId v) {
    if (v == ValueId::kNone) return true;
    const TensorType& type = graph.value(v).type;
    return IsConstant(type.shape) && type.num_elements().value() <= max_elements && !graph.IsOutput(v);
  });
}

void Fold(Graph& graph, NodeId id, const std::vector<Tensor>& results) {
  const std::vector<ValueId> outputs = graph.node(id).outputs;
  std::vector<std::pair<ValueId, std::string>> named;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == ValueId::kNone) continue;
    const std::string name = graph.value(outputs[i]).name;
    const ValueId constant = graph.AddConstant(graph.UniqueName(name + ".folded"), results[i]);
    WEFT_CHECK(graph.value(constant).type == graph.value(outputs[i]).type, "{}", graph.Describe(id));
    WEFT_CHECK(graph.ReplaceAllUses(outputs[i], constant));
    named.emplace_back(constant, name);
  }
  graph.EraseNode(id);
  for (const auto& [constant, name] : named) graph.Rename(constant, name);
}

}  // namespace

int FoldConstants(Graph& graph, const Evaluator& evaluate, int64_t max_elements) {
  int folded = 0;
  if (!evaluate) return folded;
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    if (!CanFold(graph, node, max_elements)) continue;
    std::vector<const Tensor*> inputs;
    for (ValueId v : node.inputs)
      inputs.push_back(v == ValueId::kNone ? nullptr : graph.value(v).constant.get());
    uint32_t optional = 0;
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != ValueId::kNone && i < 32) optional |= uint32_t{1} << i;
    }
    const StatusOr<std::vector<Tensor>> results = evaluate(*node.op, node.attributes.get(), inputs, optional);
    if (!results.ok()) continue;
    Fold(graph, id, *results);
    ++folded;
  }
  if (folded > 0) graph.EraseUnusedConstants();
  return folded;
}

}  // namespace weft
