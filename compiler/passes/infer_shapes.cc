#include "compiler/passes/infer_shapes.h"

#include "ir/builder.h"

namespace weft {

Status InferShapes(Graph& graph) {
  for (NodeId id : graph.NodeIds()) {
    const NodeTypes types = graph.TypesOf(id);
    WEFT_ASSIGN_OR_RETURN(std::vector<TensorType> inferred, InferTypes(types));
    const std::vector<ValueId>& outputs = graph.node(id).outputs;
    if (outputs.size() > inferred.size()) {
      return types.Error("has {} outputs, expected at most {}", outputs.size(), inferred.size());
    }
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] == ValueId::kNone || graph.value(outputs[i]).type == inferred[i]) continue;
      if (IsConstant(inferred[i].shape)) {
        if (auto bytes = CheckedSizeInBytes(inferred[i].dtype, ToShape(inferred[i].shape)); !bytes.ok()) {
          return types.Error("output {}: {}", i, Message(bytes.status()));
        }
      }
      graph.SetType(outputs[i], std::move(inferred[i]));
    }
  }
  for (const State& s : graph.states()) {
    if (s.next == ValueId::kNone || graph.value(s.next).type == graph.value(s.value).type) continue;
    return InvalidArgument("state '{}' is {}, its next value '{}' is {}", s.name,
                           graph.value(s.value).type.ToString(), graph.value(s.next).name,
                           graph.value(s.next).type.ToString());
  }
  return OkStatus();
}

}  // namespace weft
