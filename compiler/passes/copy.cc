#include "compiler/passes/copy.h"

#include "ops/identity/op.h"

namespace weft {

ValueId InsertCopy(Graph& graph, ValueId from, std::string_view name, NodeId before) {
  const Value& value = graph.value(from);
  std::string scope;
  Phase phase = Phase::kForward;
  if (value.producer != NodeId::kNone) {
    scope = graph.node(value.producer).scope;
    phase = graph.node(value.producer).phase;
  }
  const NodeId node =
      graph.AddNode(ops::IdentityOp::def, std::make_shared<const ops::IdentityOp>(), {from},
                    {{.name = graph.UniqueName(name), .type = value.type}}, scope, phase, before);
  return graph.node(node).outputs[0];
}

}  // namespace weft
