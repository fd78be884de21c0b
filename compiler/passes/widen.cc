#include "compiler/passes/widen.h"

#include "compiler/passes/infer_shapes.h"
#include "ir/body.h"

namespace weft {
namespace {

Tensor Widened(const Tensor& tensor) {
  Tensor wide = Tensor::Zeros(DataType::kF64, tensor.shape());
  const std::span<double> out = wide.as_mutable<double>();
  for (size_t i = 0; i < out.size(); ++i) out[i] = ElementAsDouble(tensor, static_cast<int64_t>(i));
  return wide;
}

bool IsNarrow(DataType dtype) { return IsFloat(dtype) && dtype != DataType::kF64; }

void WidenConstants(Graph& graph) {
  for (ValueId id : graph.ConstantIds()) {
    if (!IsNarrow(graph.value(id).type.dtype)) continue;
    const std::string name = graph.value(id).name;
    const ValueId wide =
        graph.AddConstant(graph.UniqueName(name + ".wide"), Widened(*graph.value(id).constant));
    std::vector<ValueId> outputs = graph.outputs();
    for (ValueId& v : outputs) v = v == id ? wide : v;
    graph.SetOutputs(std::move(outputs));
    for (State& state : graph.mutable_states()) {
      if (state.next == id) state.next = wide;
    }
    graph.ReplaceAllUses(id, wide);
    graph.EraseConstant(id);
    graph.Rename(wide, name);
  }
}

Status WidenBody(GraphBody* body) {
  Graph wide = **body;
  WEFT_RETURN_IF_ERROR(Widen(wide));
  *body = std::make_shared<const Graph>(std::move(wide));
  return OkStatus();
}

Status WidenAttributes(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  std::shared_ptr<void> attributes;
  for (const Field& f : node.op->fields) {
    const void* was = f.Get(node.attributes.get());
    const bool type = f.kind == AttributeKind::kDataType && IsNarrow(*static_cast<const DataType*>(was));
    const bool body = f.kind == AttributeKind::kGraph && *static_cast<const GraphBody*>(was) != nullptr;
    if (!type && !body) continue;
    if (attributes == nullptr) attributes = node.op->attributes.copy(node.attributes.get());
    void* at = f.get(attributes.get());
    if (type) *static_cast<DataType*>(at) = DataType::kF64;
    if (body) WEFT_RETURN_IF_ERROR(Prefix(graph.Describe(id), WidenBody(static_cast<GraphBody*>(at))));
  }
  if (attributes != nullptr) graph.SetAttributes(id, std::move(attributes));
  return OkStatus();
}

}  // namespace

Status Widen(Graph& graph) {
  for (ValueId v : graph.inputs()) {
    TensorType type = graph.value(v).type;
    if (!IsNarrow(type.dtype)) continue;
    type.dtype = DataType::kF64;
    graph.SetType(v, std::move(type));
  }
  WidenConstants(graph);
  for (NodeId id : graph.NodeIds()) WEFT_RETURN_IF_ERROR(WidenAttributes(graph, id));
  for (State& state : graph.mutable_states()) {
    if (state.init == nullptr) continue;
    auto init = std::make_shared<Graph>(*state.init);
    WEFT_RETURN_IF_ERROR(Prefix(fmt::format("initial value of state '{}'", state.name), Widen(*init)));
    state.init = std::move(init);
  }
  return InferShapes(graph);
}

}  // namespace weft
