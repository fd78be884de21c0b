#include "compiler/in_place.h"

#include <algorithm>

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }
size_t Index(NodeId n) { return static_cast<size_t>(n); }

class Sharer {
 public:
  Sharer(const Graph& graph, const std::vector<NodeId>& order, Placement& placement)
      : graph_(graph), order_(order), placement_(placement) {}

  void Run() {
    FindLifetimes();
    for (size_t i = 0; i < order_.size(); ++i) {
      if (!placement_.is_view[Index(order_[i])]) Share(static_cast<int32_t>(i), graph_.node(order_[i]));
    }
    DropUnused();
  }

 private:
  Storage& storage(int32_t s) { return placement_.storages[static_cast<size_t>(s)]; }

  void FindLifetimes() {
    for (size_t i = 0; i < order_.size(); ++i) {
      if (placement_.is_view[Index(order_[i])]) continue;
      const Node& node = graph_.node(order_[i]);
      for (ValueId v : node.outputs) {
        if (v == ValueId::kNone) continue;
        Storage& s = storage(placement_.StorageOf(v));
        if (s.last < 0) s.first = static_cast<int32_t>(i);
        s.last = static_cast<int32_t>(i);
      }
      for (ValueId v : node.inputs) {
        if (v != ValueId::kNone) storage(placement_.StorageOf(v)).last = static_cast<int32_t>(i);
      }
    }
  }

  void Share(int32_t call, const Node& node) {
    for (const InPlacePair& pair : node.op->in_place) {
      const auto in = static_cast<size_t>(pair.input), out = static_cast<size_t>(pair.output);
      if (in >= node.inputs.size() || out >= node.outputs.size()) continue;
      if (node.inputs[in] == ValueId::kNone || node.outputs[out] == ValueId::kNone) continue;
      if (MayShare(call, node, node.inputs[in], node.outputs[out])) Merge(node.inputs[in], node.outputs[out]);
    }
  }

  bool MayShare(int32_t call, const Node& node, ValueId x, ValueId y) {
    const int32_t from = placement_.StorageOf(x);
    const int32_t to = placement_.StorageOf(y);
    if (placement_.values[Index(y)].root != y) return false;  // its place is in another's
    if (from == to || storage(from).kind != StorageKind::kArena || storage(from).last != call) return false;
    if (storage(to).kind != StorageKind::kArena && storage(to).kind != StorageKind::kOutput) return false;
    const Operand input = OperandAt(graph_.value(x).type, placement_.values[Index(x)]);
    const Operand output = OperandAt(graph_.value(y).type, placement_.values[Index(y)]);
    if (!input.dense() || input.num_elements() != output.num_elements() ||
        SizeInBits(input.dtype) != SizeInBits(output.dtype) || storage(from).bytes != storage(to).bytes) {
      return false;
    }
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      const ValueId v = node.inputs[k];
      if (v == ValueId::kNone || placement_.StorageOf(v) != from) continue;
      const Operand operand = OperandAt(graph_.value(v).type, placement_.values[Index(v)]);
      const bool same = operand.dense() && operand.num_elements() == input.num_elements();
      if (!same || !Declared(node, k, y)) return false;
    }
    // Another output may have taken it already.
    return std::none_of(node.outputs.begin(), node.outputs.end(),
                        [&](ValueId v) { return v != ValueId::kNone && placement_.StorageOf(v) == from; });
  }

  bool Declared(const Node& node, size_t input, ValueId y) const {
    return std::any_of(node.op->in_place.begin(), node.op->in_place.end(), [&](InPlacePair p) {
      return p.input == static_cast<int>(input) && p.output == graph_.value(y).index;
    });
  }

  // y's root is y itself (a kernel writes it), so the views of y follow.
  void Merge(ValueId x, ValueId y) {
    const int32_t from = placement_.StorageOf(x);
    const int32_t to = placement_.StorageOf(y);
    storage(from).last = storage(to).last;
    storage(from).kind = storage(to).kind;
    placement_.storage[Index(y)] = from;
  }

  // Storages that no value lives in any more disappear; the others keep their order.
  void DropUnused() {
    std::vector<int32_t> renumbered(placement_.storages.size(), -1);
    for (int32_t s : placement_.storage) {
      if (s >= 0) renumbered[static_cast<size_t>(s)] = 0;
    }
    int32_t kept = 0;
    for (size_t s = 0; s < renumbered.size(); ++s) {
      if (renumbered[s] < 0) continue;
      renumbered[s] = kept;
      placement_.storages[static_cast<size_t>(kept++)] = placement_.storages[s];
    }
    placement_.storages.resize(static_cast<size_t>(kept));
    auto renumber = [&](int32_t& s) {
      if (s >= 0) s = renumbered[static_cast<size_t>(s)];
    };
    for (int32_t& s : placement_.storage) renumber(s);
    for (std::vector<Port>* ports : {&placement_.inputs, &placement_.outputs, &placement_.states}) {
      for (Port& port : *ports) {
        port.storage = placement_.values[Index(port.value)].root == ValueId::kNone
                           ? -1
                           : placement_.StorageOf(port.value);
      }
    }
  }

  const Graph& graph_;
  const std::vector<NodeId>& order_;
  Placement& placement_;
};

}  // namespace

void ShareInPlace(const Graph& graph, const std::vector<NodeId>& order, Placement& placement) {
  Sharer(graph, order, placement).Run();
}

}  // namespace weft
