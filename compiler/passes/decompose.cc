#include "compiler/passes/decompose.h"

#include "ir/builder.h"
#include "ops/identity/op.h"

namespace weft {

Status DecomposeNode(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  Builder b(graph, id);
  b.set_scope(node.scope);
  b.set_phase(node.phase);
  std::vector<Var> inputs;
  for (ValueId v : node.inputs) inputs.push_back(v == ValueId::kNone ? Var{} : b.Wrap(v));
  const NodeTypes types = graph.TypesOf(id);
  const std::vector<Var> outputs = Decompose(b, types, inputs);
  WEFT_RETURN_IF_ERROR(b.status());
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    const ValueId from = node.outputs[i];
    if (from == ValueId::kNone) continue;
    WEFT_CHECK(outputs[i].valid(), "{}: its body lacks output {}", graph.Describe(id), i);
    ValueId to = outputs[i].id;
    // A body may give an operand itself; a graph output must be a value of its own.
    if (graph.IsOutput(from) &&
        (graph.value(to).is_input || graph.value(to).constant || graph.IsOutput(to))) {
      to = ops::Identity(outputs[i]).id;
    }
    const std::string name = graph.value(from).name;
    const bool is_output = graph.IsOutput(from);
    if (!graph.ReplaceAllUses(from, to)) {
      return InvalidArgument("{}: its body gives an input or another output as '{}'", graph.Describe(id),
                             name);
    }
    const Value& replacement = graph.value(to);
    if (!is_output && !replacement.is_input && !replacement.constant && !graph.IsOutput(to)) {
      graph.Rename(from, graph.UniqueName(name + ".replaced"));
      graph.Rename(to, name);
    }
  }
  graph.EraseNode(id);
  return OkStatus();
}

}  // namespace weft
