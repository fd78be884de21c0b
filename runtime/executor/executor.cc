#include "runtime/executor/executor.h"

#include <cstring>

namespace weft {

StatusOr<std::unique_ptr<Executor>> Executor::Create(Program program) {
  std::unique_ptr<Executor> executor(new Executor(std::move(program)));
  executor->BuildCalls();
  WEFT_RETURN_IF_ERROR(executor->BindOwn());
  return executor;
}

void Executor::BuildCalls() {
  const size_t storages = program_.storages.size();
  bases_.assign(storages, nullptr);
  slots_.resize(storages);
  bound_.resize(storages);
  own_.resize(storages);
  size_t num_inputs = 0, num_outputs = 0;
  for (const Call& call : program_.calls) {
    num_inputs += call.inputs.size();
    num_outputs += call.outputs.size();
  }
  inputs_.reserve(num_inputs);  // the calls keep pointers into both: they never grow
  outputs_.reserve(num_outputs);
  for (size_t i = 0; i < program_.calls.size(); ++i) {
    const Call& call = program_.calls[i];
    if (call.is_view) continue;
    const KernelArgs args = {inputs_.data() + inputs_.size(), outputs_.data() + outputs_.size(), nullptr};
    auto add = [&](const CallOperand& o, auto& pointers, Slot::Kind kind) {
      if (o.storage >= 0) slots_[static_cast<size_t>(o.storage)].push_back({kind, pointers.size(), o.offset});
      pointers.push_back(nullptr);
    };
    for (const CallOperand& o : call.inputs) add(o, inputs_, Slot::kInput);
    for (const CallOperand& o : call.outputs) add(o, outputs_, Slot::kOutput);
    if (call.workspace >= 0) {
      slots_[static_cast<size_t>(call.workspace)].push_back({Slot::kWorkspace, calls_.size(), 0});
    }
    calls_.push_back({call.run.get(), args, static_cast<int32_t>(i)});
  }
}

// What needs nobody else: constants, and buffers for the outputs.
Status Executor::BindOwn() {
  for (size_t i = 0; i < program_.storages.size(); ++i) {
    const Storage& s = program_.storages[i];
    if (s.kind == StorageKind::kConstant) {
      const void* data = program_.graph.value(s.value).constant->data();
      SetBase(static_cast<int32_t>(i),
              static_cast<std::byte*>(const_cast<void*>(data)));  // verified: only read
    } else if (s.kind == StorageKind::kOutput) {
      WEFT_ASSIGN_OR_RETURN(own_[i], Tensor::Allocate(DataType::kU8, {s.bytes}));
      SetBase(static_cast<int32_t>(i), static_cast<std::byte*>(own_[i].mutable_data()));
    }
  }
  return OkStatus();
}

void Executor::SetBase(int32_t storage, std::byte* base) {
  const auto s = static_cast<size_t>(storage);
  bases_[s] = base;
  for (const Slot& slot : slots_[s]) {
    std::byte* pointer = base + slot.offset;
    if (slot.kind == Slot::kInput) {
      inputs_[slot.index] = pointer;
    } else if (slot.kind == Slot::kOutput) {
      outputs_[slot.index] = pointer;
    } else {
      calls_[slot.index].args.workspace = pointer;
    }
  }
}

void Executor::BindArena(std::byte* arena) {
  for (size_t i = 0; i < program_.storages.size(); ++i) {
    const Storage& s = program_.storages[i];
    if (s.kind == StorageKind::kArena) SetBase(static_cast<int32_t>(i), arena + s.offset);
  }
}

void Executor::BindState(size_t state, std::byte* bytes) { SetBase(program_.states[state].storage, bytes); }

// ---- inputs and outputs

StatusOr<const Port*> Executor::PortFor(const std::vector<Port>& ports, std::string_view name,
                                        std::string_view kind) const {
  for (const Port& port : ports) {
    if (port.name == name) return &port;
  }
  std::string known;
  for (const Port& port : ports) known += fmt::format("{}'{}'", known.empty() ? "" : ", ", port.name);
  return NotFound("program '{}' has no {} '{}' (it has {})", program_.name, kind, name,
                  known.empty() ? "none" : known);
}

StatusOr<const Port*> Executor::CheckedInput(std::string_view name, const Tensor& value) const {
  WEFT_ASSIGN_OR_RETURN(const Port* port, PortFor(program_.inputs, name, "input"));
  if (port->dtype == value.dtype() && port->shape == value.shape()) return port;
  return InvalidArgument("input '{}' of program '{}' is {}{}, expected {}{}", name, program_.name,
                         Name(value.dtype()), ToString(value.shape()), Name(port->dtype),
                         ToString(port->shape));
}

StatusOr<std::byte*> Executor::InputBuffer(std::string_view name) {
  WEFT_ASSIGN_OR_RETURN(const Port* port, PortFor(program_.inputs, name, "input"));
  const auto s = static_cast<size_t>(port->storage);
  if (own_[s].data() == nullptr) {
    WEFT_ASSIGN_OR_RETURN(own_[s], Tensor::Allocate(DataType::kU8, {program_.storages[s].bytes}));
  }
  auto* data = static_cast<std::byte*>(own_[s].mutable_data());
  if (bases_[s] != data) SetBase(port->storage, data);
  if (bound_[s].data() != nullptr) bound_[s] = Tensor();
  return data;
}

Status Executor::SetInput(std::string_view name, const Tensor& value) {
  WEFT_RETURN_IF_ERROR(CheckedInput(name, value).status());
  WEFT_ASSIGN_OR_RETURN(std::byte * buffer, InputBuffer(name));
  if (value.size_bytes() > 0) std::memcpy(buffer, value.data(), value.size_bytes());  // Tensor() has no bytes
  return OkStatus();
}

Status Executor::BindInput(std::string_view name, const Tensor& value) {
  WEFT_ASSIGN_OR_RETURN(const Port* port, CheckedInput(name, value));
  bound_[static_cast<size_t>(port->storage)] = value;
  SetBase(port->storage, static_cast<std::byte*>(const_cast<void*>(value.data())));  // verified: only read
  return OkStatus();
}

StatusOr<const Port*> Executor::BoundOutput(std::string_view name) const {
  WEFT_ASSIGN_OR_RETURN(const Port* port, PortFor(program_.outputs, name, "output"));
  const auto s = static_cast<size_t>(port->storage);
  if (bases_[s] == nullptr) {
    return FailedPrecondition("output '{}' of program '{}' is {} {}, which is not bound", name, program_.name,
                              Name(program_.storages[s].kind), program_.DescribeStorage(port->storage));
  }
  return port;
}

StatusOr<const std::byte*> Executor::OutputData(std::string_view name) const {
  WEFT_ASSIGN_OR_RETURN(const Port* port, BoundOutput(name));
  return bases_[static_cast<size_t>(port->storage)] + port->offset;
}

StatusOr<Tensor> Executor::Output(std::string_view name) const {
  WEFT_ASSIGN_OR_RETURN(const Port* port, BoundOutput(name));
  const std::byte* base = bases_[static_cast<size_t>(port->storage)];
  const auto no_owner = std::shared_ptr<const void>(std::shared_ptr<const void>(), base);
  return Tensor::View(port->dtype, port->shape, base + port->offset, no_owner);
}

StatusOr<bool> Executor::BindOutput(std::string_view name, std::byte* bytes) {
  WEFT_ASSIGN_OR_RETURN(const Port* port, PortFor(program_.outputs, name, "output"));
  const auto s = static_cast<size_t>(port->storage);
  const int64_t size = SizeInBytes(port->dtype, NumElements(port->shape));
  if (program_.storages[s].kind != StorageKind::kOutput || program_.storages[s].bytes != size) return false;
  SetBase(port->storage, bytes);
  own_[s] = Tensor();
  return true;
}

Status Executor::CheckBound() const {
  for (const Port& port : program_.inputs) {
    if (bases_[static_cast<size_t>(port.storage)] != nullptr) continue;
    return FailedPrecondition("input '{}' {}{} of program '{}' was not given", port.name, Name(port.dtype),
                              ToString(port.shape), program_.name);
  }
  return OkStatus();
}

// ---- running

Status Executor::Fail(int64_t step, int32_t call, const Status& status) const {
  const std::string node = program_.graph.Describe(program_.calls[static_cast<size_t>(call)].node);
  const std::string where = step < 0 ? fmt::format("{} of program '{}'", node, program_.name)
                                     : fmt::format("step {}, {} of program '{}'", step, node, program_.name);
  return Prefix(where, status);
}

Status Executor::Run(int64_t step) {
  WEFT_RETURN_IF_ERROR(CheckBound());
  if (profile_ != nullptr) return RunProfiled(step);
  for (const BoundCall& call : calls_) {
    Status status = call.kernel->Run(call.args);
    if (!status.ok()) [[unlikely]]
      return Fail(step, call.call, status);
  }
  return OkStatus();
}

void Executor::set_profile(Profile* profile) {
  profile_ = profile;
  if (profile == nullptr) return;
  first_label_ = profile->AddProgram(program_);
  live_counter_ = profile->AddCounterName(program_.name + " arena");
  live_bytes_ = program_.LiveBytes();
}

Status Executor::RunProfiled(int64_t step) {
  int64_t begin = profile_->Now();
  for (const BoundCall& call : calls_) {
    profile_->AddCounter(live_counter_, begin, live_bytes_[static_cast<size_t>(call.call)]);
    begin = profile_->Now();
    Status status = call.kernel->Run(call.args);
    if (!status.ok()) return Fail(step, call.call, status);
    const int64_t end = profile_->Now();
    profile_->AddSpan(first_label_ + call.call, begin, end);
    begin = end;
  }
  return OkStatus();
}

}  // namespace weft
