#include "compiler/place.h"

#include <algorithm>

#include "compiler/passes/copy.h"
#include "compiler/views.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }
size_t Index(NodeId n) { return static_cast<size_t>(n); }

class Placer {
 public:
  Placer(Graph& graph, const Target& target) : graph_(graph), target_(target) {}

  Placement Run() && {
    Views views = FindViews(graph_, target_);
    result_.values = std::move(views.values);
    result_.is_view = std::move(views.is_view);
    for (size_t i = 0; i < graph_.states().size(); ++i) {
      const State& s = graph_.states()[i];
      if (s.next != ValueId::kNone && s.next != s.value) changing_.push_back(i);
    }
    CopyOverwrittenOutputs();
    CopyWhatNoNodeWrites();
    FindReaders();
    OrderReaders();
    AssignStorages();
    DescribePorts();
    return std::move(result_);
  }

 private:
  const State& state(size_t changing) const { return graph_.states()[changing_[changing]]; }

  // ---- copies

  ValueId Copy(ValueId from, std::string_view name, NodeId before, std::string what, std::string reason) {
    const ValueId to = InsertCopy(graph_, from, name, before);
    const Operand operand = OperandAt(graph_.value(to).type, {});
    result_.values.resize(graph_.num_value_slots());
    result_.values[Index(to)] = {to, 0, operand.row()};
    result_.is_view.resize(graph_.num_node_slots(), false);
    const int64_t bytes = SizeInBytes(operand.dtype, operand.num_elements());
    result_.copies.push_back({std::move(what), std::move(reason), bytes});
    return to;
  }

  void CopyNext(size_t changing, std::string reason) {
    State& s = graph_.mutable_states()[changing_[changing]];
    s.next =
        Copy(s.next, s.name + ".next", NodeId::kNone, fmt::format("state '{}'", s.name), std::move(reason));
  }

  // A graph output that is the old value of a state.
  void CopyOverwrittenOutputs() {
    std::vector<bool> overwritten(graph_.num_value_slots(), false);
    for (size_t i = 0; i < changing_.size(); ++i) overwritten[Index(state(i).value)] = true;
    const std::vector<NodeId> nodes = graph_.NodeIds();
    const NodeId first = nodes.empty() ? NodeId::kNone : nodes.front();
    std::vector<ValueId> outputs = graph_.outputs();
    for (ValueId& v : outputs) {
      const std::string name = graph_.value(v).name;
      output_names_.push_back(name);
      if (!overwritten[Index(v)]) continue;
      v = Copy(v, name + ".output", first, fmt::format("output '{}'", name),
               "it is the old value of a state that is overwritten");
    }
    graph_.SetOutputs(std::move(outputs));
  }

  void CopyWhatNoNodeWrites() {
    std::vector<bool> taken(graph_.num_value_slots(), false);
    for (size_t i = 0; i < changing_.size(); ++i) {
      const ValueId next = state(i).next;
      const std::string& name = graph_.value(next).name;
      if (graph_.value(next).producer == NodeId::kNone) {
        CopyNext(i, fmt::format("its next value '{}' is not computed by a node", name));
      } else if (taken[Index(next)]) {
        CopyNext(i, fmt::format("its next value '{}' is another state's too", name));
      } else {
        taken[Index(next)] = true;
      }
    }
  }

  // ---- order

  // For each changing state the nodes that read its old value, also through views.
  void FindReaders() {
    std::vector<int32_t> by_value(graph_.num_value_slots(), -1);
    for (size_t i = 0; i < changing_.size(); ++i) by_value[Index(state(i).value)] = static_cast<int32_t>(i);
    readers_.resize(changing_.size());
    position_.assign(graph_.num_node_slots(), 0);
    int32_t position = 0;
    for (NodeId id : graph_.NodeIds()) {
      position_[Index(id)] = position++;
      if (result_.is_view[Index(id)]) continue;
      for (ValueId v : graph_.node(id).inputs) {
        if (v == ValueId::kNone) continue;
        const int32_t i = by_value[Index(result_.values[Index(v)].root)];
        if (i < 0) continue;
        std::vector<NodeId>& readers = readers_[static_cast<size_t>(i)];
        if (readers.empty() || readers.back() != id) readers.push_back(id);
      }
    }
  }

  // First the states whose readers already stand before the writer: their edges close no cycle, together or
  // with the graph. Each other one is then ordered if no reader depends on the writer, or else copied.
  void OrderReaders() {
    after_.resize(graph_.num_node_slots());
    std::vector<size_t> late;
    for (size_t i = 0; i < changing_.size(); ++i) {
      const NodeId writer = graph_.value(state(i).next).producer;
      if (std::string reason = ReadsOtherwise(i, writer); !reason.empty()) {
        CopyNext(i, std::move(reason));
        AddEdges(i);
      } else if (std::any_of(readers_[i].begin(), readers_[i].end(),
                             [&](NodeId r) { return position_[Index(r)] > position_[Index(writer)]; })) {
        late.push_back(i);
      } else {
        AddEdges(i);
      }
    }
    for (size_t i : late) {
      const NodeId writer = graph_.value(state(i).next).producer;
      const NodeId reader = ReaderBehind(i, writer);
      if (reader != NodeId::kNone) {
        CopyNext(i,
                 fmt::format("{} reads the old value and depends on the new one", graph_.Describe(reader)));
      }
      AddEdges(i);
    }
  }

  void AddEdges(size_t i) {
    after_.resize(graph_.num_node_slots());
    const NodeId writer = graph_.value(state(i).next).producer;
    for (NodeId reader : readers_[i]) {
      if (reader == writer) continue;
      result_.order.push_back({reader, writer});
      after_[Index(reader)].push_back(writer);
    }
  }

  // Why the writer may not overwrite the old value, which it reads itself; empty if it may.
  std::string ReadsOtherwise(size_t i, NodeId writer) const {
    const State& s = state(i);
    const Node& node = graph_.node(writer);
    const int output = graph_.value(s.next).index;
    const int64_t elements = graph_.value(s.value).type.num_elements().value();
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      const ValueId v = node.inputs[k];
      if (v == ValueId::kNone || result_.values[Index(v)].root != s.value) continue;
      const bool declared =
          std::any_of(node.op->in_place.begin(), node.op->in_place.end(),
                      [&](InPlacePair p) { return p.input == static_cast<int>(k) && p.output == output; });
      const Operand operand = OperandAt(graph_.value(v).type, result_.values[Index(v)]);
      const bool whole = operand.dense() && operand.num_elements() == elements;
      if (declared && whole) continue;
      return fmt::format("{} reads the old value and may not overwrite it", graph_.Describe(writer));
    }
    return "";
  }

  // A reader of the old value that depends on the writer, through the graph and the order so far.
  NodeId ReaderBehind(size_t i, NodeId writer) {
    std::vector<bool> seen(graph_.num_node_slots(), false);
    std::vector<NodeId> stack = {writer};
    seen[Index(writer)] = true;
    auto push = [&](NodeId id) {
      if (seen[Index(id)]) return;
      seen[Index(id)] = true;
      stack.push_back(id);
    };
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      for (NodeId next : after_[Index(id)]) push(next);
      for (ValueId v : graph_.node(id).outputs) {
        if (v == ValueId::kNone) continue;
        for (const Use& use : graph_.value(v).uses) push(use.node);
      }
    }
    for (NodeId reader : readers_[i]) {
      if (reader != writer && seen[Index(reader)]) return reader;
    }
    return NodeId::kNone;
  }

  // ---- storages

  void AddStorage(ValueId v, StorageKind kind) {
    const Operand operand = OperandAt(graph_.value(v).type, {});
    result_.storage[Index(v)] = static_cast<int32_t>(result_.storages.size());
    const int64_t bytes = SizeInBytes(operand.dtype, operand.num_elements());
    result_.storages.push_back({.kind = kind, .bytes = bytes, .value = v});
  }

  void AssignStorages() {
    result_.storage.assign(graph_.num_value_slots(), -1);
    for (const State& s : graph_.states()) AddStorage(s.value, StorageKind::kState);
    for (ValueId v : graph_.inputs()) {
      if (result_.storage[Index(v)] < 0) AddStorage(v, StorageKind::kInput);
    }
    std::vector<bool> is_output(graph_.num_value_slots(), false);
    for (ValueId v : graph_.outputs()) is_output[Index(v)] = true;
    for (ValueId v : graph_.ConstantIds()) {
      if (is_output[Index(v)] || !graph_.value(v).uses.empty()) AddStorage(v, StorageKind::kConstant);
    }
    for (size_t i = 0; i < changing_.size(); ++i) {
      result_.storage[Index(state(i).next)] = result_.storage[Index(state(i).value)];
    }
    for (NodeId id : graph_.NodeIds()) {
      // A part or a view has its root's; a join's output is a root.
      for (ValueId v : graph_.node(id).outputs) {
        if (v == ValueId::kNone || result_.values[Index(v)].root != v) continue;
        if (result_.storage[Index(v)] < 0) AddStorage(v, StorageKind::kArena);
      }
    }
    for (ValueId v : graph_.outputs()) {
      Storage& storage = result_.storages[static_cast<size_t>(result_.StorageOf(v))];
      if (storage.kind == StorageKind::kArena) storage.kind = StorageKind::kOutput;
    }
  }

  Port PortOf(ValueId v, std::string name) const {
    const TensorType& type = graph_.value(v).type;
    return {.name = std::move(name),
            .value = v,
            .storage = result_.StorageOf(v),
            .offset = result_.values[Index(v)].offset,
            .dtype = type.dtype,
            .shape = ToShape(type.shape)};
  }

  void DescribePorts() {
    std::vector<bool> is_state(graph_.num_value_slots(), false);
    for (const State& s : graph_.states()) {
      is_state[Index(s.value)] = true;
      Port port = PortOf(s.value, s.name);
      port.role = s.role;
      port.next = s.next == s.value ? ValueId::kNone : s.next;
      result_.states.push_back(std::move(port));
    }
    for (ValueId v : graph_.inputs()) {
      if (!is_state[Index(v)]) result_.inputs.push_back(PortOf(v, graph_.value(v).name));
    }
    for (size_t i = 0; i < output_names_.size(); ++i) {
      result_.outputs.push_back(PortOf(graph_.outputs()[i], output_names_[i]));
    }
  }

  Graph& graph_;
  const Target& target_;
  Placement result_;
  std::vector<std::string> output_names_;
  std::vector<size_t> changing_;              // indices of states that get a next value
  std::vector<std::vector<NodeId>> readers_;  // of the old value, by index in changing_
  std::vector<int32_t> position_;             // by NodeId
  std::vector<std::vector<NodeId>> after_;    // by NodeId: writers that must come later
};

}  // namespace

StatusOr<Placement> Place(Graph& graph, const Target& target) {
  for (NodeId id : graph.NodeIds()) {
    const NodeTypes types = graph.TypesOf(id);
    for (const TensorType* t : types.outputs) {
      if (t != nullptr && !IsConstant(t->shape)) {
        return types.Error("output {} still holds symbols: bind them first", t->ToString());
      }
    }
  }
  for (ValueId v : graph.inputs()) {
    if (IsConstant(graph.value(v).type.shape)) continue;
    return InvalidArgument("input '{}' is {}: bind its symbols first", graph.value(v).name,
                           graph.value(v).type.ToString());
  }
  return Placer(graph, target).Run();
}

}  // namespace weft
