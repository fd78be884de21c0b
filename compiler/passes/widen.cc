#include "compiler/passes/widen.h"

#include "compiler/passes/infer_shapes.h"

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

void WidenAttributes(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  std::shared_ptr<void> attributes;
  for (const Field& f : node.op->fields) {
    if (f.kind != AttributeKind::kDataType) continue;
    if (!IsNarrow(*static_cast<const DataType*>(f.Get(node.attributes.get())))) continue;
    if (attributes == nullptr) attributes = node.op->attributes.copy(node.attributes.get());
    *static_cast<DataType*>(f.get(attributes.get())) = DataType::kF64;
  }
  if (attributes != nullptr) graph.SetAttributes(id, std::move(attributes));
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
  for (NodeId id : graph.NodeIds()) WidenAttributes(graph, id);
  for (State& state : graph.mutable_states()) {
    if (state.init == nullptr) continue;
    auto init = std::make_shared<Graph>(*state.init);
    WEFT_RETURN_IF_ERROR(Prefix(fmt::format("initial value of state '{}'", state.name), Widen(*init)));
    state.init = std::move(init);
  }
  return InferShapes(graph);
}

}  // namespace weft
