// Owns states by name and one arena as large as its largest program needs, and holds programs by key: all
// programs of a session see the same states. One thread uses a session at a time.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.h"
#include "runtime/executor/executor.h"
#include "runtime/executor/memory.h"

namespace weft {

struct SessionState {
  std::string name;
  StateRole role = StateRole::kParameter;
  DataType dtype = DataType::kF32;
  Shape shape;
  std::byte* data = nullptr;          // null while only `make` is there
  std::function<Tensor()> make = {};  // its value, of a state that no program reads yet
  bool derived = false;               // of role derived: computed from its sources as they are now
  bool read_only = false;             // bound to memory that may not be written (a mapped file)
  std::shared_ptr<const void> owner;  // of the bytes

  int64_t bytes() const { return SizeInBytes(dtype, NumElements(shape)); }
  // Shares the bytes: they change when a program runs that updates the state. Those of `make` are new ones.
  Tensor tensor() const;
};

class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // ---- states
  // Creates, as zeros, the states of the graph (all shapes bound) that do not exist yet. An error where one
  // exists with another type.
  Status AddStates(const Graph& graph);
  // In the order they were added. Of states that a program has joined (ir/joined_name.h) these are the
  // parts, side by side; the whole is found by its name too.
  const std::vector<std::unique_ptr<SessionState>>& states() const { return states_; }
  const SessionState* FindState(std::string_view name) const;  // null if there is none
  // Copies the value into an existing state of the same type.
  Status SetState(std::string_view name, const Tensor& value);
  // Adds a state that is the tensor's bytes, not to be written: programs that update it are refused. Replaces
  // the bytes of an existing state that no program updates and none has joined with others.
  Status BindState(std::string_view name, StateRole role, const Tensor& value);
  // The same of a value that is only made for those who ask: once, when the first program comes that reads
  // the state, and each time that a derived state is computed from it. A new name.
  Status BindState(std::string_view name, StateRole role, DataType dtype, const Shape& shape,
                   std::function<Tensor()> make);
  // Computes the initial value of every state of the graph that has one, in the states' order: a function of
  // the seed. States of role derived and those that are read-only are left alone. `compile` makes a program
  // of an initial value's graph, whose input is `seed` (i64[]), where it draws random numbers, and whose one
  // output is the value.
  using CompileFn = std::function<StatusOr<Program>(const Graph& graph, const std::string& name)>;
  Status RunInit(const Graph& graph, const CompileFn& compile, int64_t seed);

  // Computes the graph's states of role derived, from the states that their initial value names as inputs.
  // Those that were computed, or written by a program, since a state was last set stay as they are.
  Status Derive(const Graph& graph, const CompileFn& compile);

  // ---- programs
  // Adds the states that do not exist yet (as zeros), grows the arena if need be and binds the program.
  // The executor lives as long as the session; `key` must be new.
  StatusOr<Executor*> AddProgram(std::string_view key, Program program);
  Executor* FindProgram(std::string_view key) const;  // null if there is none
  int64_t arena_bytes() const { return arena_bytes_; }

 private:
  struct NewState {
    std::string_view name;
    StateRole role;
    DataType dtype;
    Shape shape;
  };
  SessionState* Find(std::string_view name) const;
  Status CheckSameType(const SessionState& state, DataType dtype, const Shape& shape) const;
  Status Create(const std::vector<NewState>& wanted);
  Status CheckParts(const SessionState& whole) const;
  void PlaceParts(const SessionState& whole);
  const SessionState* WholeOf(std::string_view part) const;  // null: it is not joined
  Status InitOne(SessionState& state, Program program, const Tensor& seed);
  void SourcesChanged();
  Status GrowArena(int64_t bytes);
  void BindStates(Executor& executor) const;

  std::vector<std::unique_ptr<SessionState>> states_, joined_;
  std::map<std::string, SessionState*, std::less<>> by_name_;
  std::vector<std::unique_ptr<Executor>> executors_;
  std::map<std::string, Executor*, std::less<>> by_key_;
  std::shared_ptr<Memory> arena_;
  int64_t arena_bytes_ = 0;
};

}  // namespace weft
