#include "compiler/assemble.h"

#include <algorithm>

#include "compiler/plan_memory.h"
#include "ir/cost.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }

class Assembler {
 public:
  Assembler(const Target& target, Placement placement, Program& program)
      : target_(target), placement_(std::move(placement)), program_(program) {}

  Status Run(const std::vector<NodeId>& order) {
    program_.storages = std::move(placement_.storages);
    program_.calls.reserve(order.size());
    for (NodeId id : order) WEFT_RETURN_IF_ERROR(AddCall(id));
    program_.inputs = std::move(placement_.inputs);
    program_.outputs = std::move(placement_.outputs);
    program_.states = std::move(placement_.states);
    return OkStatus();
  }

 private:
  CallOperand At(ValueId v) const {
    if (v == ValueId::kNone) return {};
    const ValuePlace& place = placement_.values[Index(v)];
    return {v, placement_.StorageOf(v), place.offset, OperandAt(program_.graph.value(v).type, place)};
  }

  Status AddCall(NodeId id) {
    const Node& node = program_.graph.node(id);
    const NodeTypes types = program_.graph.TypesOf(id);
    Call call;
    call.node = id;
    for (ValueId v : node.inputs) call.inputs.push_back(At(v));
    for (ValueId v : node.outputs) call.outputs.push_back(At(v));
    if (placement_.is_view[static_cast<size_t>(id)]) {
      call.is_view = true;
      call.kernel = "view";
    } else {
      WEFT_RETURN_IF_ERROR(Prepare(types, call));
      call.flops = NodeFlops(types);
      call.bytes = NodeBytes(types);
    }
    program_.calls.push_back(std::move(call));
    return OkStatus();
  }

  Status Prepare(const NodeTypes& types, Call& call) {
    KernelNode node;
    node.op = types.op;
    node.attributes = types.attributes;
    node.scope = types.scope;
    for (const CallOperand& o : call.inputs) node.inputs.push_back(o.operand);
    for (const CallOperand& o : call.outputs) node.outputs.push_back(o.operand);
    WEFT_ASSIGN_OR_RETURN(PreparedKernel prepared, target_.Prepare(node));
    call.kernel = prepared.name;
    call.run = std::move(prepared.kernel);
    if (call.run->workspace_bytes() == 0) return OkStatus();
    const auto index = static_cast<int32_t>(program_.calls.size());
    call.workspace = static_cast<int32_t>(program_.storages.size());
    program_.storages.push_back({.bytes = call.run->workspace_bytes(), .first = index, .last = index});
    return OkStatus();
  }

  const Target& target_;
  Placement placement_;
  Program& program_;
};

}  // namespace

Status Assemble(const Target& target, Placement placement, const std::vector<NodeId>& order,
                Program& program) {
  return Assembler(target, std::move(placement), program).Run(order);
}

void PlanArena(Program& program) {
  std::vector<ArenaItem> items;
  std::vector<size_t> of;
  for (size_t i = 0; i < program.storages.size(); ++i) {
    const Storage& s = program.storages[i];
    if (s.kind != StorageKind::kArena || s.bytes == 0) continue;
    of.push_back(i);
    items.push_back({.bytes = AlignStorage(s.bytes), .first = s.first, .last = s.last});
  }
  const ArenaPlan plan = PlanMemory(items);
  for (size_t i = 0; i < items.size(); ++i) program.storages[of[i]].offset = items[i].offset;
  program.arena_bytes = plan.bytes;
  program.arena_lower_bound = plan.lower_bound;
  program.peak_call = plan.peak_call;
}

}  // namespace weft
