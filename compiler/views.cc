#include "compiler/views.h"

#include <algorithm>
#include <optional>

#include "compiler/byte_rows.h"
#include "compiler/passes/parts.h"

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
    const std::vector<NodeId> nodes = graph_.NodeIds();
    for (NodeId id : nodes) {
      if (!views_.is_view[Index(id)] && !TryView(id)) TryJoin(id);
      undo_.clear();
    }
    for (NodeId id : nodes) {
      if (!views_.is_view[Index(id)]) TakePlaces(id);
    }
    return std::move(views_);
  }

 private:
  enum Flag : uint8_t { kGraphOutput = 1, kNext = 2, kOverwritten = 4 };
  struct Undo {  // of a node made a view (operand < 0), or of the pitch of one operand of a kernel
    NodeId node;
    int operand = -1;
    int64_t pitch = 0;
    bool output = false;
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
  bool TakesPitch(const Use& use, int64_t pitch) { return SetPitch(use.node, use.operand, false, pitch); }

  // The same of the kernel that writes it.
  bool GivesPitch(ValueId v, int64_t pitch) {
    return SetPitch(graph_.value(v).producer, graph_.value(v).index, true, pitch);
  }

  bool SetPitch(NodeId id, int operand, bool output, int64_t pitch) {
    std::unique_ptr<Selected>& selected = kernel_nodes_[Index(id)];
    if (selected == nullptr) {
      KernelNode node = ToKernelNode(graph_.TypesOf(id));
      const StatusOr<std::string_view> name = target_.KernelFor(node);
      if (!name.ok()) return false;
      selected = std::make_unique<Selected>(Selected{std::move(node), std::string(*name)});
    }
    int64_t& current = PitchOf(selected->node, operand, output);
    const int64_t before = current;
    current = pitch;
    const StatusOr<std::string_view> name = target_.KernelFor(selected->node);
    if (!name.ok() || *name != selected->kernel) {
      current = before;
      return false;
    }
    undo_.push_back({id, operand, before, output});
    return true;
  }
  static int64_t& PitchOf(KernelNode& node, int operand, bool output) {
    return (output ? node.outputs : node.inputs)[static_cast<size_t>(operand)].pitch;
  }

  // ---- joins

  // Makes the node a join, each of whose inputs is written into the output by the call that computes it and
  // read by nothing else.
  bool TryJoin(NodeId id) {
    const Node& node = graph_.node(id);
    const NodeTypes types = graph_.TypesOf(id);
    if (node.outputs.size() != 1 || !PartOfOutput(types, 0) || (flags_[Index(node.outputs[0])] & kNext) != 0)
      return false;
    std::vector<ValuePlace> before;
    for (ValueId v : node.inputs) before.push_back(views_.values[Index(v)]);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (JoinPart(types, node, static_cast<int>(i))) continue;
      for (size_t k = 0; k <= i; ++k) views_.values[Index(node.inputs[k])] = before[k];
      RollBack(0);
      return false;
    }
    views_.is_view[Index(id)] = true;
    return !node.inputs.empty();
  }

  bool JoinPart(const NodeTypes& types, const Node& node, int input) {
    const std::optional<View> part = PartOfOutput(types, input);
    const ValueId from = node.inputs[static_cast<size_t>(input)], whole = node.outputs[0];
    if (!part || !OnlyWritten(from) || graph_.value(from).uses.size() != 1) return false;
    Operand operand = OperandAt(graph_.value(from).type, {});
    const int64_t pitch = views_.values[Index(whole)].pitch, bits = SizeInBits(operand.dtype);
    const int64_t skipped = (part->row_offset * pitch + part->column_offset) * bits;
    if (skipped % 8 != 0 || operand.num_elements() == 0) return false;
    operand.pitch = pitch;
    views_.values[Index(from)] = {whole, skipped / 8, operand.dense() ? operand.row() : pitch};
    return operand.dense() || GivesPitch(from, pitch);
  }

  // A value with bytes of its own that a call writes and nobody outside of the program sees.
  bool OnlyWritten(ValueId v) const {
    const NodeId producer = graph_.value(v).producer;
    return producer != NodeId::kNone && !views_.is_view[Index(producer)] &&
           views_.values[Index(v)].root == v && (flags_[Index(v)] & (kGraphOutput | kNext)) == 0;
  }

  // ---- in the place of a part

  void TakePlaces(NodeId id) {
    const Node& node = graph_.node(id);
    for (const InPlacePair& pair : node.op->in_place) {
      const auto in = static_cast<size_t>(pair.input), out = static_cast<size_t>(pair.output);
      if (in >= node.inputs.size() || out >= node.outputs.size()) continue;
      const ValueId x = node.inputs[in], y = node.outputs[out];
      undo_.clear();
      if (x == ValueId::kNone || y == ValueId::kNone || !MayTakePlace(x, y)) continue;
      const ValuePlace own = views_.values[Index(y)], place = views_.values[Index(x)];
      bool taken = GivesPitch(y, place.pitch);
      for (const Use& use : graph_.value(y).uses) taken = taken && TakesPitch(use, place.pitch);
      views_.values[Index(y)] = taken ? place : own;
      if (!taken) RollBack(0);
    }
  }

  // x is a part whose rows are not adjacent, and once its only reader has run nothing needs its bytes.
  bool MayTakePlace(ValueId x, ValueId y) const {
    const ValuePlace place = views_.values[Index(x)];
    const Operand operand = OperandAt(graph_.value(x).type, place);
    const Value& root = graph_.value(place.root);
    if (operand.dense() || graph_.value(x).uses.size() != 1 || !OnlyWritten(y) || HasViews(y)) return false;
    if (root.producer == NodeId::kNone || flags_[Index(place.root)] != 0) return false;
    if (graph_.value(x).type != graph_.value(y).type) return false;
    for (size_t i = 0; i < views_.values.size(); ++i) {
      const ValueId other{static_cast<int32_t>(i)};
      if (views_.values[i].root != place.root || other == x || !graph_.value(other).alive) continue;
      const Operand at = OperandAt(graph_.value(other).type, views_.values[i]);
      if (!Overlap(RowsOf(at, views_.values[i].offset), RowsOf(operand, place.offset))) continue;
      if ((flags_[i] & kGraphOutput) != 0 || IsReadByCall(other)) return false;
    }
    return true;
  }
  bool HasViews(ValueId v) const {
    return std::any_of(graph_.value(v).uses.begin(), graph_.value(v).uses.end(),
                       [&](const Use& use) { return views_.is_view[Index(use.node)]; });
  }
  bool IsReadByCall(ValueId v) const {
    return std::any_of(graph_.value(v).uses.begin(), graph_.value(v).uses.end(),
                       [&](const Use& use) { return !views_.is_view[Index(use.node)]; });
  }

  void RollBack(size_t mark) {
    for (; undo_.size() > mark; undo_.pop_back()) {
      const Undo& undo = undo_.back();
      if (undo.operand >= 0) {
        PitchOf(kernel_nodes_[Index(undo.node)]->node, undo.operand, undo.output) = undo.pitch;
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
