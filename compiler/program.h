// What a graph compiles to: storages and a flat list of calls whose operands are places in them. Everything
// is known before anything runs: bytes, offsets, floating-point operations, the peak and its lower bound.
//
// Invariant, checked by verify_plan.h: replayed in order, every call finds in all bytes of each operand the
// value that the operand names.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ops/kernel.h"

namespace weft {

inline constexpr int64_t kStorageAlignment = 64;  // of every storage, in bytes
constexpr int64_t AlignStorage(int64_t bytes) {
  return (bytes + kStorageAlignment - 1) / kStorageAlignment * kStorageAlignment;
}

// Who owns the bytes: the session's one arena; a state, which outlives the run; the caller's inputs; outputs,
// which stay until the program runs again; constants, which belong to the graph.
enum class StorageKind : uint8_t { kArena, kState, kInput, kOutput, kConstant };
std::string_view Name(StorageKind kind);  // "arena", "state", ...

struct Storage {
  StorageKind kind = StorageKind::kArena;
  int64_t bytes = 0;
  int64_t offset = 0;              // in the arena, a multiple of kStorageAlignment; 0 elsewhere
  int32_t first = 0, last = -1;    // of an arena storage: the calls from and to which it holds what is needed
  ValueId value = ValueId::kNone;  // the value that is first written (or given) here; none: a workspace
};

struct CallOperand {
  ValueId value = ValueId::kNone;  // none: an absent optional operand
  int32_t storage = -1;
  int64_t offset = 0;  // in bytes, in the storage
  Operand operand;     // type, shape, and pitch in elements
};

struct Call {
  NodeId node = NodeId::kNone;
  // A view runs nothing: its outputs are parts of its input's bytes.
  bool is_view = false;
  std::string_view kernel = {};  // "onednn", "simd", "plain"; "view"
  std::vector<CallOperand> inputs = {}, outputs = {};
  int32_t workspace = -1;  // a storage, or none
  double flops = 0;
  double bytes = 0;                  // read and written
  std::unique_ptr<Kernel> run = {};  // null for a view
};

// A graph input, output or state under the name users know it by.
struct Port {
  std::string name;
  ValueId value = ValueId::kNone;  // of a state: its value when the program starts
  int32_t storage = -1;
  int64_t offset = 0;
  DataType dtype = DataType::kF32;
  Shape shape;
  StateRole role = StateRole::kParameter;  // of a state
  ValueId next = ValueId::kNone;           // of a state: what its storage holds at the end; none: unchanged
};

// Bytes by what they are for. The arena is split as it is at its peak; `unused` is what the plan leaves
// between live storages there, `library` what the target's libraries may take on their own.
struct MemoryUse {
  int64_t parameters = 0;
  int64_t optimizer = 0;
  int64_t gradients = 0;    // what the optimizer phase reads, and accumulators
  int64_t activations = 0;  // all other values in the arena
  int64_t cache = 0;
  int64_t buffers = 0;  // states of the remaining roles
  int64_t workspace = 0;
  int64_t inputs_outputs = 0;
  int64_t constants = 0;
  int64_t unused = 0;
  int64_t library = 0;
  int64_t Total() const {
    return parameters + optimizer + gradients + activations + cache + buffers + workspace + inputs_outputs +
           constants + unused + library;
  }
};

// A value that could not be written where it belongs and is copied there: "state 'w': ...".
struct CopyNote {
  std::string what;    // "state 'blocks.0.w'", "output 'y'"
  std::string reason;  // "'z' reads the old value and depends on the new one"
  int64_t bytes = 0;
};

struct PassTime {
  std::string_view name;
  double seconds = 0;
};

struct Program {
  std::string name;
  Graph graph;  // all shapes bound; holds the constants' bytes
  std::vector<Storage> storages;
  std::vector<Call> calls;
  std::vector<Port> inputs, outputs, states;  // in the graph's order
  int64_t arena_bytes = 0;
  int64_t arena_lower_bound = 0;  // the largest sum of storages live at one call: no plan can be smaller
  int32_t peak_call = -1;         // the first call at which that many are live; -1: the arena is empty
  MemoryUse memory;
  std::vector<CopyNote> copies;
  std::vector<PassTime> pass_times;

  const Port* FindInput(std::string_view name) const { return FindPort(inputs, name); }
  const Port* FindOutput(std::string_view name) const { return FindPort(outputs, name); }
  const Port* FindState(std::string_view name) const { return FindPort(states, name); }
  double flops() const;             // of all calls
  double recomputed_flops() const;  // of those among them that run a second time: clones
  double bytes() const;             // that the calls read and write
  int64_t num_kernel_calls() const;
  // Bytes of arena storages live at each call.
  std::vector<int64_t> LiveBytes() const;
  // "call 12 (Add 'blocks.0.ffn')"
  std::string Describe(int32_t call) const;
  // The name of the value in a storage, or "the workspace of call 12 (...)".
  std::string DescribeStorage(int32_t storage) const;

 private:
  static const Port* FindPort(const std::vector<Port>& ports, std::string_view name);
};

}  // namespace weft
