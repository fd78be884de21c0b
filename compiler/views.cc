#include "compiler/views.h"

#include <optional>

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }
size_t Index(NodeId n) { return static_cast<size_t>(n); }

class ViewFinder {
 public:
  ViewFinder(const Graph& graph, const Target& target)
      : graph_(graph),
        target_(target),
        flags_(graph.num_value_slots(), 0),
        kernel_nodes_(graph.num_node_slots()) {
    views_.is_view.assign(graph.num_node_slots(), false);
    views_.values.resize(graph.num_value_slots());
    for (size_t i = 0; i < views_.values.size(); ++i) Reset(ValueId{static_cast<int32_t>(i)});
    for (ValueId v : graph.outputs()) flags_[Index(v)] |= kGraphOutput;
    for (const State& s : graph.states()) {
      if (s.next == ValueId::kNone || s.next == s.value) continue;
      flags_[Index(s.next)] |= kNext;
      flags_[Index(s.value)] |= kOverwritten;
    }
  }

  Views Run() && {
    for (NodeId id : graph_.NodeIds()) {
      if (!views_.is_view[Index(id)]) TryView(id);
      undo_.clear();
    }
    return std::move(views_);
  }

 private:
  enum Flag : uint8_t { kGraphOutput = 1, kNext = 2, kOverwritten = 4 };
  struct Undo {  // of a node made a view (operand < 0), or of the pitch of one operand of a kernel
    NodeId node;
    int operand = -1;
    int64_t pitch = 0;
  };
  struct Selected {  // a node as its kernel will see it
    KernelNode node;
    std::string kernel;
  };

  void Reset(ValueId v) {
    const Value& value = graph_.value(v);
    const bool known = value.alive && IsConstant(value.type.shape) && !value.type.shape.empty();
    views_.values[Index(v)] = {v, 0, known ? value.type.shape.back().value() : 1};
  }

  // Makes the node a view, and with it whichever views of its outputs must be ones; false: nothing changed.
  bool TryView(NodeId id) {
    const Node& node = graph_.node(id);
    if (node.op->view == nullptr) return false;
    const size_t mark = undo_.size();
    undo_.push_back({id});
    views_.is_view[Index(id)] = true;
    const NodeTypes types = graph_.TypesOf(id);
    for (size_t o = 0; o < node.outputs.size(); ++o) {
      if (node.outputs[o] == ValueId::kNone || PlaceOutput(node, types, static_cast<int>(o))) continue;
      RollBack(mark);
      return false;
    }
    return true;
  }

  bool PlaceOutput(const Node& node, const NodeTypes& types, int output) {
    View view;
    if (!node.op->view(types, output, &view)) return false;
    const ValueId in = node.inputs[static_cast<size_t>(view.input)];
    const ValueId out = node.outputs[static_cast<size_t>(output)];
    const std::optional<ValuePlace> place = Through(view, in, out);
    if (!place || !MayLieAt(out, *place)) return false;
    views_.values[Index(out)] = *place;
    const Operand operand = OperandAt(graph_.value(out).type, *place);
    if (operand.dense()) return true;
    for (const Use& use : graph_.value(out).uses) {
      if (!views_.is_view[Index(use.node)] && !TryView(use.node) && !TakesPitch(use, operand.pitch)) {
        return false;
      }
    }
    return true;
  }

  std::optional<ValuePlace> Through(const View& view, ValueId in, ValueId out) const {
    ValuePlace place = views_.values[Index(in)];
    const Operand from = OperandAt(graph_.value(in).type, place);
    Operand to = OperandAt(graph_.value(out).type, place);
    const int64_t bits = SizeInBits(from.dtype);
    if (view.kind == View::kReshape) {
      if (!from.dense() && from.row() != to.row()) return std::nullopt;
      to.pitch = from.dense() ? to.row() : from.pitch;
    } else {
      const int64_t skipped = (view.row_offset * from.pitch + view.column_offset) * bits;
      if (skipped % 8 != 0) return std::nullopt;
      if (to.num_elements() > 0) place.offset += skipped / 8;
      to.pitch = from.pitch;
    }
    place.pitch = to.dense() ? to.row() : to.pitch;
    if (place.pitch != to.row() && bits < 8) return std::nullopt;
    return place;
  }

  // A state's next value is written by a kernel. A graph output is dense, and does not keep more bytes alive
  // than its own nor those of a state that will be overwritten.
  bool MayLieAt(ValueId v, const ValuePlace& place) const {
    if ((flags_[Index(v)] & kNext) != 0) return false;
    if ((flags_[Index(v)] & kGraphOutput) == 0) return true;
    const Operand operand = OperandAt(graph_.value(v).type, place);
    if (!operand.dense() || (flags_[Index(place.root)] & kOverwritten) != 0) return false;
    const Value& root = graph_.value(place.root);
    return root.producer == NodeId::kNone || root.type.num_elements() == Dim(operand.num_elements());
  }

  // True if the kernel of the node that reads it takes the operand with this pitch; it is then settled.
  bool TakesPitch(const Use& use, int64_t pitch) {
    std::unique_ptr<Selected>& selected = kernel_nodes_[Index(use.node)];
    if (selected == nullptr) {
      KernelNode node = ToKernelNode(graph_.TypesOf(use.node));
      const StatusOr<std::string_view> name = target_.KernelFor(node);
      if (!name.ok()) return false;
      selected = std::make_unique<Selected>(Selected{std::move(node), std::string(*name)});
    }
    int64_t& current = selected->node.inputs[static_cast<size_t>(use.operand)].pitch;
    const int64_t before = current;
    current = pitch;
    const StatusOr<std::string_view> name = target_.KernelFor(selected->node);
    if (!name.ok() || *name != selected->kernel) {
      current = before;
      return false;
    }
    undo_.push_back({use.node, use.operand, before});
    return true;
  }

  void RollBack(size_t mark) {
    for (; undo_.size() > mark; undo_.pop_back()) {
      const Undo& undo = undo_.back();
      if (undo.operand >= 0) {
        kernel_nodes_[Index(undo.node)]->node.inputs[static_cast<size_t>(undo.operand)].pitch = undo.pitch;
        continue;
      }
      views_.is_view[Index(undo.node)] = false;
      for (ValueId v : graph_.node(undo.node).outputs) {
        if (v != ValueId::kNone) Reset(v);
      }
    }
  }

  const Graph& graph_;
  const Target& target_;
  std::vector<uint8_t> flags_;
  std::vector<std::unique_ptr<Selected>> kernel_nodes_;
  std::vector<Undo> undo_;
  Views views_;
};

}  // namespace

Views FindViews(const Graph& graph, const Target& target) { return ViewFinder(graph, target).Run(); }

Operand OperandAt(const TensorType& type, const ValuePlace& place) {
  Operand operand = DenseOperand(type.dtype, ToShape(type.shape));
  operand.pitch = place.pitch;
  return operand;
}

}  // namespace weft
