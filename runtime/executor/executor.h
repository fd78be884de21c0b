// Walks a program's calls on memory that has been bound to its storages. One thread owns it and its OpenMP
// team. Run allocates nothing.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.h"
#include "compiler/program.h"
#include "runtime/executor/finite.h"
#include "runtime/executor/profile.h"

namespace weft {

class Executor {
 public:
  // Allocates the outputs. The arena and the states are bound by the owner, the inputs by the caller.
  static StatusOr<std::unique_ptr<Executor>> Create(Program program);
  const Program& program() const { return program_; }

  // ---- memory
  void BindArena(std::byte* arena);                // of program().arena_bytes
  void BindState(size_t state, std::byte* bytes);  // program().states[state]
  // Tensors in and out are dense; an error names the port, its type and the one that came.
  Status SetInput(std::string_view name, const Tensor& value);   // copies
  Status BindInput(std::string_view name, const Tensor& value);  // shares the bytes from now on
  // The bytes of an input of the executor's own, to be filled before each run; also ends a BindInput.
  StatusOr<std::byte*> InputBuffer(std::string_view name);
  // Shares the output's bytes: they are what the last run left until the next run of any program of the
  // session. Clone() keeps them.
  StatusOr<Tensor> Output(std::string_view name) const;
  // Those bytes without a tensor around them: nothing is allocated.
  StatusOr<const std::byte*> OutputData(std::string_view name) const;
  // Writes the output to the caller's memory from now on, where it has a storage of its own; false: it has
  // none (it is a state, an input or a constant), and Output() must be copied.
  StatusOr<bool> BindOutput(std::string_view name, std::byte* bytes);

  // ---- running
  // Calls every kernel in order. The first error is returned with step (if >= 0), node and scope before it.
  Status Run(int64_t step = -1);
  // The same, looking at every call's floats: an error names the first call that makes a NaN, or an infinity,
  // from operands that have none; or the input, state or constant that holds a NaN before, with its first
  // reader. An infinity that was given (a mask) is no mistake, unless `finite_outputs` and it reaches an
  // output of the program: then the call that gives this output is named.
  Status RunChecked(int64_t step = -1, bool finite_outputs = false);
  // Times every call into `profile` from now on; null: no more.
  void set_profile(Profile* profile);

 private:
  struct BoundCall {
    Kernel* kernel;
    KernelArgs args;
    int32_t call;  // in program_.calls
  };
  // A pointer that follows the base of a storage.
  struct Slot {
    enum Kind : uint8_t { kInput, kOutput, kWorkspace } kind;
    size_t index;
    int64_t offset;
  };
  explicit Executor(Program program) : program_(std::move(program)) {}
  void BuildCalls();
  Status BindOwn();
  void SetBase(int32_t storage, std::byte* base);
  StatusOr<const Port*> PortFor(const std::vector<Port>& ports, std::string_view name,
                                std::string_view kind) const;
  StatusOr<const Port*> BoundOutput(std::string_view name) const;
  StatusOr<const Port*> CheckedInput(std::string_view name, const Tensor& value) const;
  Status CheckBound() const;
  Status RunProfiled(int64_t step);
  Status Fail(int64_t step, int32_t call, const Status& status) const;
  NotFinite Look(const CallOperand& o) const;
  Status LookAtGiven(int64_t step, std::vector<uint8_t>& bits) const;
  bool IsOutput(ValueId value) const;
  int32_t FirstReader(ValueId value) const;  // a call, or -1

  Program program_;
  std::vector<BoundCall> calls_;
  std::vector<const void*> inputs_;
  std::vector<void*> outputs_;
  std::vector<std::byte*> bases_;         // by storage; null: not bound
  std::vector<std::vector<Slot>> slots_;  // by storage
  std::vector<Tensor> bound_;             // by storage: keeps a bound input alive
  std::vector<Tensor> own_;               // by storage: inputs and outputs of the executor's own
  Profile* profile_ = nullptr;
  int32_t first_label_ = 0;  // of the first call, in profile_
  int32_t live_counter_ = 0;
  std::vector<int64_t> live_bytes_;  // of the arena, by call
};

}  // namespace weft
