// A copy of a value as a node: Identity, kept by what needs the bytes in a second place.
#pragma once
#include <string_view>

#include "ir/graph.h"

namespace weft {

// Emits a copy of `from` before `before` (kNone: at the end) with the scope and phase of its producer.
// Returns the copy, named `name` or, if that is taken, `name`_1, ...
ValueId InsertCopy(Graph& graph, ValueId from, std::string_view name, NodeId before = NodeId::kNone);

}  // namespace weft
