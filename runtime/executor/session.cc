#include "runtime/executor/session.h"

#include <algorithm>
#include <cstring>

#include "ir/joined_name.h"

namespace weft {
namespace {

// None where the name or the shape does not say so.
std::vector<JoinedPart> PartsIn(const SessionState& state) {
  std::vector<JoinedPart> parts = PartsOf(state.name);
  int64_t rows = 0;
  for (const JoinedPart& p : parts) rows += p.rows;
  if (state.shape.empty() || rows != state.shape[0] || SizeInBits(state.dtype) % 8 != 0) return {};
  return parts;
}

Shape ShapeOfPart(const SessionState& whole, const JoinedPart& part) {
  Shape shape = whole.shape;
  shape[0] = part.rows;
  return shape;
}

}  // namespace

Tensor SessionState::tensor() const {
  return data == nullptr && make ? make() : Tensor::View(dtype, shape, data, owner);
}

// ---- states

SessionState* Session::Find(std::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : it->second;
}
const SessionState* Session::FindState(std::string_view name) const { return Find(name); }

Status Session::CheckSameType(const SessionState& state, DataType dtype, const Shape& shape) const {
  if (state.dtype == dtype && state.shape == shape) return OkStatus();
  return InvalidArgument("state '{}' is {}{}, expected {}{}", state.name, Name(dtype), ToString(shape),
                         Name(state.dtype), ToString(state.shape));
}

// One block for all that are new: those that are read together lie together.
Status Session::Create(const std::vector<NewState>& wanted) {
  std::vector<std::unique_ptr<SessionState>> added;
  std::vector<int64_t> offsets;
  int64_t bytes = 0;
  for (const NewState& w : wanted) {
    if (const SessionState* state = Find(w.name)) {
      WEFT_RETURN_IF_ERROR(CheckSameType(*state, w.dtype, w.shape));
      continue;
    }
    auto state = std::make_unique<SessionState>();
    state->name = w.name;
    state->role = w.role;
    state->dtype = w.dtype;
    state->shape = w.shape;
    WEFT_RETURN_IF_ERROR(CheckParts(*state));
    for (const JoinedPart& p : PartsIn(*state)) {
      const bool twice =
          std::any_of(wanted.begin(), wanted.end(), [&](auto& other) { return other.name == p.name; });
      if (twice) return InvalidArgument("state '{}' is there alone and as a part of '{}'", p.name, w.name);
    }
    offsets.push_back(bytes);
    bytes += std::max<int64_t>(AlignStorage(state->bytes()), kStorageAlignment);
    added.push_back(std::move(state));
  }
  if (added.empty()) return OkStatus();
  const StatusOr<std::shared_ptr<Memory>> memory = Memory::Allocate(bytes);
  if (!memory.ok()) return Prefix(fmt::format("{} states", added.size()), memory.status());
  for (size_t i = 0; i < added.size(); ++i) {
    added[i]->data = (*memory)->data() + offsets[i];
    added[i]->owner = *memory;
    by_name_.emplace(added[i]->name, added[i].get());
    const bool whole = !PartsIn(*added[i]).empty();
    if (whole) PlaceParts(*added[i]);
    (whole ? joined_ : states_).push_back(std::move(added[i]));
  }
  return OkStatus();
}

const SessionState* Session::WholeOf(std::string_view part) const {
  for (const std::unique_ptr<SessionState>& whole : joined_) {
    for (const JoinedPart& p : PartsOf(whole->name)) {
      if (p.name == part) return whole.get();
    }
  }
  return nullptr;
}

// Whether what is there already can become the state's parts.
Status Session::CheckParts(const SessionState& whole) const {
  for (const JoinedPart& p : PartsIn(whole)) {
    if (const SessionState* other = WholeOf(p.name)) {
      return FailedPrecondition("state '{}' is a part of '{}' and of '{}', expected one of them", p.name,
                                other->name, whole.name);
    }
    const SessionState* part = Find(p.name);
    if (part == nullptr) continue;
    WEFT_RETURN_IF_ERROR(CheckSameType(*part, whole.dtype, ShapeOfPart(whole, p)));
    if (part->read_only)
      return FailedPrecondition("state '{}' is bound read-only and cannot become a part of '{}'", p.name,
                                whole.name);
  }
  return OkStatus();
}

// Those that are there already move, with their values.
void Session::PlaceParts(const SessionState& whole) {
  std::byte* at = whole.data;
  for (const JoinedPart& p : PartsIn(whole)) {
    SessionState* part = Find(p.name);
    if (part == nullptr) {
      part = states_.emplace_back(std::make_unique<SessionState>()).get();
      part->name = p.name;
      part->role = whole.role;
      part->dtype = whole.dtype;
      part->shape = ShapeOfPart(whole, p);
      by_name_.emplace(part->name, part);
    } else if (part->bytes() > 0) {
      std::memcpy(at, part->data, static_cast<size_t>(part->bytes()));
    }
    part->data = at;
    part->owner = whole.owner;
    at += part->bytes();
  }
  for (const std::unique_ptr<Executor>& e : executors_) BindStates(*e);
}

Status Session::AddStates(const Graph& graph) {
  std::vector<NewState> wanted;
  for (const State& s : graph.states()) {
    const TensorType& type = graph.value(s.value).type;
    if (!IsConstant(type.shape)) {
      return InvalidArgument("state '{}' is {}: bind its symbols first", s.name, type.ToString());
    }
    wanted.push_back({s.name, s.role, type.dtype, ToShape(type.shape)});
  }
  return Create(wanted);
}

Status Session::SetState(std::string_view name, const Tensor& value) {
  SessionState* state = Find(name);
  if (state == nullptr) return NotFound("there is no state '{}'", name);
  WEFT_RETURN_IF_ERROR(CheckSameType(*state, value.dtype(), value.shape()));
  if (state->read_only) return FailedPrecondition("state '{}' is bound read-only", name);
  if (value.size_bytes() > 0) std::memcpy(state->data, value.data(), value.size_bytes());
  SourcesChanged();
  return OkStatus();
}

void Session::SourcesChanged() {
  for (auto* states : {&states_, &joined_}) {
    for (const std::unique_ptr<SessionState>& s : *states) s->derived = false;
  }
}

Status Session::BindState(std::string_view name, StateRole role, const Tensor& value) {
  SessionState* state = Find(name);
  if (state == nullptr) {
    auto added = std::make_unique<SessionState>();
    added->name = name;
    added->role = role;
    added->dtype = value.dtype();
    added->shape = value.shape();
    state = added.get();
    by_name_.emplace(added->name, state);
    states_.push_back(std::move(added));
  }
  WEFT_RETURN_IF_ERROR(CheckSameType(*state, value.dtype(), value.shape()));
  if (const SessionState* whole = WholeOf(name)) {
    return FailedPrecondition("state '{}' cannot be bound: it is a part of '{}'", name, whole->name);
  }
  for (const std::unique_ptr<Executor>& e : executors_) {
    const Port* port = e->program().FindState(name);
    if (port == nullptr || port->next == ValueId::kNone) continue;
    return FailedPrecondition("state '{}' cannot be bound read-only: program '{}' updates it", name,
                              e->program().name);
  }
  // Nothing writes through it: programs that would are refused, here and in AddProgram.
  state->data = static_cast<std::byte*>(const_cast<void*>(value.data()));
  state->owner = std::make_shared<Tensor>(value);
  state->read_only = true;
  SourcesChanged();
  for (const std::unique_ptr<Executor>& e : executors_) BindStates(*e);
  return OkStatus();
}

Status Session::BindState(std::string_view name, StateRole role, DataType dtype, const Shape& shape,
                          std::function<Tensor()> make) {
  if (Find(name) != nullptr) return FailedPrecondition("there is a state '{}' already", name);
  auto added = std::make_unique<SessionState>();
  added->name = name;
  added->role = role;
  added->dtype = dtype;
  added->shape = shape;
  added->make = std::move(make);
  added->read_only = true;
  by_name_.emplace(added->name, added.get());
  states_.push_back(std::move(added));
  return OkStatus();
}

Status Session::InitOne(SessionState& state, Program program, const Tensor& seed) {
  if (program.outputs.size() != 1) {
    return InvalidArgument("has {} outputs, expected 1", program.outputs.size());
  }
  const Port output = program.outputs[0];
  WEFT_RETURN_IF_ERROR(CheckSameType(state, output.dtype, output.shape));
  WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<Memory> arena, Memory::Allocate(program.arena_bytes));
  WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Executor> executor, Executor::Create(std::move(program)));
  executor->BindArena(arena->data());
  for (const Port& input : executor->program().inputs) {
    const SessionState* source = Find(input.name);
    WEFT_RETURN_IF_ERROR(executor->BindInput(input.name, source != nullptr ? source->tensor() : seed));
  }
  WEFT_ASSIGN_OR_RETURN(const bool direct, executor->BindOutput(output.name, state.data));
  WEFT_RETURN_IF_ERROR(executor->Run());
  if (direct) return OkStatus();
  WEFT_ASSIGN_OR_RETURN(const Tensor value, executor->Output(output.name));
  if (value.size_bytes() > 0) std::memcpy(state.data, value.data(), value.size_bytes());
  return OkStatus();
}

Status Session::RunInit(const Graph& graph, const CompileFn& compile, int64_t seed) {
  WEFT_RETURN_IF_ERROR(AddStates(graph));
  const Tensor seed_tensor = Tensor::Scalar<int64_t>(seed);
  for (const State& s : graph.states()) {
    SessionState& state = *Find(s.name);
    if (s.init == nullptr || s.role == StateRole::kDerived || state.read_only) continue;
    const std::string where = fmt::format("the initial value of state '{}'", s.name);
    StatusOr<Program> program = compile(*s.init, where);
    if (!program.ok()) return Prefix(where, program.status());
    const Status status = InitOne(state, *std::move(program), seed_tensor);
    if (!status.ok()) return Prefix(where, status);
  }
  SourcesChanged();
  return OkStatus();
}

Status Session::Derive(const Graph& graph, const CompileFn& compile) {
  WEFT_RETURN_IF_ERROR(AddStates(graph));
  for (const State& s : graph.states()) {
    SessionState& state = *Find(s.name);
    if (s.init == nullptr || s.role != StateRole::kDerived || state.derived) continue;
    const std::string where = fmt::format("the derived state '{}'", s.name);
    StatusOr<Program> program = compile(*s.init, where);
    if (!program.ok()) return Prefix(where, program.status());
    const Status status = InitOne(state, *std::move(program), Tensor::Scalar<int64_t>(0));
    if (!status.ok()) return Prefix(where, status);
    state.derived = true;
  }
  return OkStatus();
}

// ---- programs

Status Session::GrowArena(int64_t bytes) {
  if (arena_ != nullptr && bytes <= arena_bytes_) return OkStatus();
  // Untouched pages cost nothing, so that the old one may go after the new one has come.
  StatusOr<std::shared_ptr<Memory>> arena = Memory::Allocate(bytes);
  if (!arena.ok()) return Prefix("the arena", arena.status());
  arena_ = *std::move(arena);
  arena_bytes_ = bytes;
  for (const std::unique_ptr<Executor>& e : executors_) e->BindArena(arena_->data());
  return OkStatus();
}

void Session::BindStates(Executor& executor) const {
  const std::vector<Port>& ports = executor.program().states;
  for (size_t i = 0; i < ports.size(); ++i) {
    SessionState& state = *Find(ports[i].name);
    if (state.data == nullptr && state.make) {
      auto value = std::make_shared<Tensor>(state.make());
      state.data = static_cast<std::byte*>(const_cast<void*>(value->data()));
      state.owner = std::move(value);
    }
    executor.BindState(i, state.data);
  }
}

StatusOr<Executor*> Session::AddProgram(std::string_view key, Program program) {
  if (FindProgram(key) != nullptr) return FailedPrecondition("there is a program '{}' already", key);
  std::vector<NewState> wanted;
  for (const Port& p : program.states) {
    const SessionState* state = Find(p.name);
    if (state != nullptr && state->read_only && p.next != ValueId::kNone) {
      return FailedPrecondition("program '{}' updates state '{}', which is bound read-only", program.name,
                                p.name);
    }
    wanted.push_back({p.name, p.role, p.dtype, p.shape});
  }
  WEFT_RETURN_IF_ERROR(Create(wanted));
  WEFT_RETURN_IF_ERROR(GrowArena(std::max(program.arena_bytes, arena_bytes_)));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Executor> executor, Executor::Create(std::move(program)));
  executor->BindArena(arena_->data());
  BindStates(*executor);
  by_key_.emplace(key, executor.get());
  executors_.push_back(std::move(executor));
  return executors_.back().get();
}

Executor* Session::FindProgram(std::string_view key) const {
  const auto it = by_key_.find(key);
  return it == by_key_.end() ? nullptr : it->second;
}

}  // namespace weft
