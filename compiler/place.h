// Decides whose bytes each value lives in: views share those of their input, a state's next value is written
// into the state, everything else has a storage of its own. Nothing here depends on the order of calls except
// through `order`: the nodes that read a state's old value come before the one that writes the new one.
//
// A copy (Identity) is inserted, and reported, where a state's next value cannot be written in place: it has
// no node that could write it, its node also reads the old value other than in a declared in-place pair, or a
// reader of the old value depends on the new one.
#pragma once
#include <string>
#include <vector>

#include "compiler/program.h"
#include "compiler/target.h"

namespace weft {

// Where a value is: in the bytes of `root`, a value that has a storage.
struct ValuePlace {
  ValueId root = ValueId::kNone;
  int64_t offset = 0;  // bytes from the root's first
  int64_t pitch = 1;   // elements from row to row
};

struct OrderEdge {
  NodeId before, after;
};

struct Placement {
  std::vector<Storage> storages;   // `first` and `last` not yet known
  std::vector<ValuePlace> values;  // by ValueId
  std::vector<int32_t> storage;    // by ValueId of a root; -1: none
  std::vector<bool> is_view;       // by NodeId
  std::vector<OrderEdge> order;
  std::vector<Port> inputs, outputs, states;
  std::vector<CopyNote> copies;

  int32_t StorageOf(ValueId v) const {
    return storage[static_cast<size_t>(values[static_cast<size_t>(v)].root)];
  }
};

// All shapes bound. Adds the copies to `graph`.
StatusOr<Placement> Place(Graph& graph, const Target& target);

// The operand of a value at its place.
Operand OperandAt(const TensorType& type, const ValuePlace& place);

}  // namespace weft
