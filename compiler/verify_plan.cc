#include "compiler/verify_plan.h"

#include <algorithm>
#include <optional>

#include "compiler/byte_map.h"
#include "compiler/byte_rows.h"
#include "compiler/passes/parts.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }

struct Layout {  // where the bytes of a value come from
  int32_t owner = ByteMap::kNothing;
  ByteRows rows;
};

class Replay {
 public:
  explicit Replay(const Program& program)
      : program_(program), spaces_(program.storages.size() + 1), layouts_(program.graph.num_value_slots()) {}

  Status Run() {
    WEFT_RETURN_IF_ERROR(CheckStorages());
    WEFT_RETURN_IF_ERROR(CheckNodes());
    for (size_t i = 0; i < program_.calls.size(); ++i) {
      call_ = static_cast<int32_t>(i);
      WEFT_RETURN_IF_ERROR(ReplayCall(program_.calls[i]));
    }
    return CheckEnd();
  }

 private:
  const Storage& storage(int32_t s) const { return program_.storages[static_cast<size_t>(s)]; }
  const std::string& NameOf(ValueId v) const { return program_.graph.value(v).name; }
  ByteMap& space(int32_t s) {
    return spaces_[storage(s).kind == StorageKind::kArena ? 0 : static_cast<size_t>(s) + 1];
  }
  ByteRows Address(const CallOperand& o) const {
    return RowsOf(o.operand, storage(o.storage).offset + o.offset);
  }

  // "'y'", "the workspace of call 3 (...)", for what lies at an address.
  std::string DescribeOwner(int32_t owner) const {
    if (owner == ByteMap::kNothing) return "nothing";
    if (owner < 0) return fmt::format("the workspace of {}", program_.Describe(-2 - owner));
    return fmt::format("'{}'", NameOf(ValueId{owner}));
  }
  std::string Where(int32_t s, int64_t address) const {
    const Storage& at = storage(s);
    if (at.kind == StorageKind::kArena) return fmt::format("arena byte {}", address);
    return fmt::format("byte {} of {} {}", address, Name(at.kind), program_.DescribeStorage(s));
  }

  Status CheckStorages() {
    for (size_t i = 0; i < program_.storages.size(); ++i) {
      const Storage& s = program_.storages[i];
      const std::string name = program_.DescribeStorage(static_cast<int32_t>(i));
      if (s.offset < 0 || s.offset % kStorageAlignment != 0 || s.bytes < 0) {
        return Internal("plan: {} has {} bytes at offset {}, not a multiple of {}", name, s.bytes, s.offset,
                        kStorageAlignment);
      }
      if (s.kind == StorageKind::kArena && s.offset + s.bytes > program_.arena_bytes) {
        return Internal("plan: {} ends at byte {} of an arena of {}", name, s.offset + s.bytes,
                        program_.arena_bytes);
      }
      if (s.value == ValueId::kNone || s.kind == StorageKind::kArena || s.kind == StorageKind::kOutput)
        continue;
      const Operand whole = DenseOf(s.value);
      spaces_[i + 1].Write(0, RowsOf(whole, 0).end(), static_cast<int32_t>(s.value), 0);
      layouts_[Index(s.value)] = {static_cast<int32_t>(s.value), RowsOf(whole, 0)};
    }
    return OkStatus();
  }

  Operand DenseOf(ValueId v) const {
    const TensorType& type = program_.graph.value(v).type;
    return DenseOperand(type.dtype, ToShape(type.shape));
  }

  // The calls are the graph's nodes, with its operands.
  Status CheckNodes() {
    std::vector<bool> seen(program_.graph.num_node_slots(), false);
    for (size_t i = 0; i < program_.calls.size(); ++i) {
      const Call& call = program_.calls[i];
      const Node& node = program_.graph.node(call.node);
      const std::string where = program_.Describe(static_cast<int32_t>(i));
      if (!node.alive || seen[static_cast<size_t>(call.node)]) return Internal("plan: {} comes twice", where);
      seen[static_cast<size_t>(call.node)] = true;
      WEFT_RETURN_IF_ERROR(CheckOperands(where, call.inputs, node.inputs));
      WEFT_RETURN_IF_ERROR(CheckOperands(where, call.outputs, node.outputs));
    }
    for (NodeId id : program_.graph.NodeIds()) {
      if (!seen[static_cast<size_t>(id)])
        return Internal("plan: {} has no call", program_.graph.Describe(id));
    }
    return OkStatus();
  }

  Status CheckOperands(const std::string& where, const std::vector<CallOperand>& operands,
                       const std::vector<ValueId>& values) const {
    if (operands.size() != values.size()) {
      return Internal("plan: {} has {} operands, its node {}", where, operands.size(), values.size());
    }
    for (size_t k = 0; k < values.size(); ++k) {
      const CallOperand& o = operands[k];
      if (o.value != values[k]) return Internal("plan: {}: operand {} is not its node's", where, k);
      if (o.value == ValueId::kNone) continue;
      const Operand dense = DenseOf(o.value);
      if (o.operand.dtype != dense.dtype || o.operand.shape != dense.shape || o.operand.pitch < dense.row()) {
        return Internal("plan: {}: '{}' is not given as it is", where, NameOf(o.value));
      }
      WEFT_RETURN_IF_ERROR(CheckInside(where, o));
    }
    return OkStatus();
  }

  Status CheckInside(const std::string& where, const CallOperand& o) const {
    if (o.storage < 0 || static_cast<size_t>(o.storage) >= program_.storages.size()) {
      return Internal("plan: {}: '{}' has no storage", where, NameOf(o.value));
    }
    const int64_t end = RowsOf(o.operand, o.offset).end();
    if (o.offset >= 0 && end <= storage(o.storage).bytes) return OkStatus();
    return Internal("plan: {}: '{}' takes bytes {} to {} of {}, which has {}", where, NameOf(o.value),
                    o.offset, end, program_.DescribeStorage(o.storage), storage(o.storage).bytes);
  }

  // ---- replay

  Status ReplayCall(const Call& call) {
    if (call.is_view) return ReplayView(call);
    const std::string where = program_.Describe(call_);
    for (const CallOperand& in : call.inputs) {
      if (in.value != ValueId::kNone) WEFT_RETURN_IF_ERROR(CheckHolds(where + " reads", in));
    }
    for (size_t o = 0; o < call.outputs.size(); ++o) {
      if (call.outputs[o].value != ValueId::kNone) WEFT_RETURN_IF_ERROR(CheckWrite(call, where, o));
    }
    WEFT_RETURN_IF_ERROR(ReplayWorkspace(call, where));
    for (const CallOperand& out : call.outputs) {
      if (out.value != ValueId::kNone) Write(out);
    }
    return OkStatus();
  }

  Status CheckHolds(std::string_view what, const CallOperand& o) {
    const Layout& layout = layouts_[Index(o.value)];
    ByteRows at = Address(o);
    if (at.rows == 0) return OkStatus();
    if (layout.owner == ByteMap::kNothing) {
      return Internal("plan: {} '{}' before anything writes it", what, NameOf(o.value));
    }
    const ByteMap& bytes = space(o.storage);
    ByteRows from = layout.rows;
    if (at.adjacent() && from.adjacent()) {
      return Explain(what, o, bytes.Check(at.begin, at.end(), layout.owner, from.begin));
    }
    const ByteRows whole = at;
    at = RowsAs(from, at);
    from = RowsAs(whole, from);
    if (at.pitch == from.pitch && bytes.Check(at.begin, at.end(), layout.owner, from.begin).ok) {
      return OkStatus();
    }
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t begin = at.begin + r * at.pitch;
      const auto found = bytes.Check(begin, begin + at.row, layout.owner, from.begin + r * from.pitch);
      if (!found.ok) return Explain(what, o, found);
    }
    return OkStatus();
  }

  Status Explain(std::string_view what, const CallOperand& o, const ByteMap::Found& found) const {
    if (found.ok) return OkStatus();
    return Internal("plan: {} '{}' at {}, which holds {}{}", what, NameOf(o.value),
                    Where(o.storage, found.address), found.same_owner ? "another part of " : "",
                    DescribeOwner(found.owner));
  }

  Status CheckWrite(const Call& call, const std::string& where, size_t output) const {
    const CallOperand& out = call.outputs[output];
    const Storage& target = storage(out.storage);
    if (target.kind == StorageKind::kInput || target.kind == StorageKind::kConstant ||
        (target.kind == StorageKind::kState && !Changes(out.storage))) {
      return Internal("plan: {} writes '{}' over {} {}, which does not change", where, NameOf(out.value),
                      Name(target.kind), program_.DescribeStorage(out.storage));
    }
    for (size_t k = 0; k < call.inputs.size(); ++k) {
      const CallOperand& in = call.inputs[k];
      if (in.value == ValueId::kNone || !Collide(in, out)) continue;
      if (Declared(call, k, output) && SamePlace(Address(in), Address(out))) continue;
      return Internal("plan: {} writes '{}' over '{}', which it reads", where, NameOf(out.value),
                      NameOf(in.value));
    }
    for (size_t k = 0; k < output; ++k) {
      const CallOperand& other = call.outputs[k];
      if (other.value == ValueId::kNone || !Collide(other, out)) continue;
      return Internal("plan: {} writes '{}' over '{}', which it writes too", where, NameOf(out.value),
                      NameOf(other.value));
    }
    return OkStatus();
  }

  bool Changes(int32_t s) const {
    return std::any_of(program_.states.begin(), program_.states.end(),
                       [&](const Port& p) { return p.storage == s && p.next != ValueId::kNone; });
  }
  bool SameSpace(int32_t a, int32_t b) const {
    return a == b || (storage(a).kind == StorageKind::kArena && storage(b).kind == StorageKind::kArena);
  }
  bool Collide(const CallOperand& a, const CallOperand& b) const {
    return SameSpace(a.storage, b.storage) && Overlap(Address(a), Address(b));
  }
  bool Declared(const Call& call, size_t input, size_t output) const {
    const std::span<const InPlacePair> pairs = program_.graph.node(call.node).op->in_place;
    return std::any_of(pairs.begin(), pairs.end(), [&](InPlacePair p) {
      return p.input == static_cast<int>(input) && p.output == static_cast<int>(output);
    });
  }

  Status ReplayWorkspace(const Call& call, const std::string& where) {
    if (call.workspace < 0) return OkStatus();
    const Storage& s = storage(call.workspace);
    const ByteRows rows = {s.offset, s.bytes, s.bytes, s.bytes == 0 ? 0 : 1};
    for (const std::vector<CallOperand>* operands : {&call.inputs, &call.outputs}) {
      for (const CallOperand& o : *operands) {
        if (o.value == ValueId::kNone || !SameSpace(o.storage, call.workspace)) continue;
        if (!Overlap(Address(o), rows)) continue;
        return Internal("plan: the workspace of {} overlaps '{}'", where, NameOf(o.value));
      }
    }
    space(call.workspace).Write(rows.begin, rows.end(), -2 - call_, 0);
    return OkStatus();
  }

  void Write(const CallOperand& out) {
    const auto owner = static_cast<int32_t>(out.value);
    const ByteRows own = RowsOf(DenseOf(out.value), 0);
    layouts_[Index(out.value)] = {owner, own};
    const ByteRows at = Address(out);
    const ByteRows from = RowsAs(at, own);
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t begin = at.begin + r * at.pitch;
      space(out.storage).Write(begin, begin + at.row, owner, from.begin + r * from.pitch);
    }
  }

  // ---- views

  Status ReplayView(const Call& call) {
    const std::string where = program_.Describe(call_);
    const NodeTypes types = program_.graph.TypesOf(call.node);
    for (size_t o = 0; o < call.outputs.size(); ++o) {
      const CallOperand& out = call.outputs[o];
      if (out.value == ValueId::kNone) continue;
      View view;
      if (types.op->view == nullptr || !types.op->view(types, static_cast<int>(o), &view)) {
        if (o == 0 && PartOfOutput(types, 0)) return ReplayJoin(call, types, where);
        return Internal("plan: {}: '{}' cannot be a view", where, NameOf(out.value));
      }
      const CallOperand& in = call.inputs[static_cast<size_t>(view.input)];
      const std::optional<Layout> layout = Through(view, in.value, out.value);
      if (!layout) {
        return Internal("plan: {}: '{}' is no view of '{}' as it lies", where, NameOf(out.value),
                        NameOf(in.value));
      }
      layouts_[Index(out.value)] = *layout;
    }
    return OkStatus();
  }

  // What has been written as the parts of the output is the output, if each lies where it belongs.
  Status ReplayJoin(const Call& call, const NodeTypes& types, const std::string& where) {
    const CallOperand& out = call.outputs[0];
    const ByteRows whole = Address(out);
    for (size_t i = 0; i < call.inputs.size(); ++i) {
      const CallOperand& in = call.inputs[i];
      WEFT_RETURN_IF_ERROR(CheckHolds(where + " joins", in));
      const std::optional<View> part = PartOfOutput(types, static_cast<int>(i));
      if (!part) return Internal("plan: {}: '{}' cannot be joined", where, NameOf(in.value));
      const Operand dense = DenseOf(in.value);
      const int64_t row = SizeInBytes(dense.dtype, out.operand.row());
      const int64_t begin =
          whole.begin + part->row_offset * row + SizeInBytes(dense.dtype, part->column_offset);
      const ByteRows at = {begin, SizeInBytes(dense.dtype, dense.row()), row, dense.num_rows()};
      if (in.storage == out.storage && out.operand.dense() &&
          SamePlace(RowsAs(at, Address(in)), at.adjacent() ? RowsAs(at, at) : at)) {
        continue;
      }
      return Internal("plan: {}: '{}' is not where it is a part of '{}'", where, NameOf(in.value),
                      NameOf(out.value));
    }
    Write(out);
    return OkStatus();
  }

  // Where the bytes of `out` are among those of the value that holds `in`; all in elements of their type.
  std::optional<Layout> Through(const View& view, ValueId in, ValueId out) const {
    const Layout& source = layouts_[Index(in)];
    const Operand from = DenseOf(in), to = DenseOf(out);
    const int64_t row = SizeInBytes(to.dtype, to.row());
    Layout result = source;
    if (view.kind == View::kReshape) {
      if (source.rows.adjacent()) {
        result.rows = RowsOf(to, source.rows.begin);
      } else if (from.row() != to.row()) {
        return std::nullopt;
      }
      return result;
    }
    const int64_t bits = SizeInBits(from.dtype);
    const int64_t pitch = source.rows.adjacent() ? SizeInBytes(from.dtype, from.row()) : source.rows.pitch;
    if (view.column_offset * bits % 8 != 0 || from.row() * bits % 8 != 0) return std::nullopt;
    if (view.row_offset + to.num_rows() > from.num_rows() || view.column_offset + to.row() > from.row()) {
      if (to.num_elements() > 0) return std::nullopt;
    }
    const int64_t begin = source.rows.begin + view.row_offset * pitch + view.column_offset * bits / 8;
    if (pitch == row) {
      result.rows = RowsOf(to, begin);
    } else {
      result.rows = {begin, row, pitch, to.num_rows()};
    }
    return result;
  }

  // ---- end

  Status CheckEnd() {
    for (const Port& p : program_.states) {
      const ValueId v = p.next == ValueId::kNone ? p.value : p.next;
      const CallOperand whole = {v, p.storage, p.offset, DenseOf(v)};
      WEFT_RETURN_IF_ERROR(CheckHolds(fmt::format("state '{}' must end as", p.name), whole));
    }
    for (const Port& p : program_.outputs) {
      const CallOperand whole = {p.value, p.storage, p.offset, DenseOf(p.value)};
      const std::string what = fmt::format("output '{}' must end as", p.name);
      WEFT_RETURN_IF_ERROR(CheckInside(what, whole));
      WEFT_RETURN_IF_ERROR(CheckHolds(what, whole));
    }
    return OkStatus();
  }

  const Program& program_;
  std::vector<ByteMap> spaces_;  // 0: the arena; s + 1: storage s outside of it
  std::vector<Layout> layouts_;  // by ValueId
  int32_t call_ = 0;
};

}  // namespace

Status VerifyPlan(const Program& program) { return Replay(program).Run(); }

}  // namespace weft
