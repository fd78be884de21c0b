// Which nodes need no work: views, whose outputs are parts of their input's bytes (Reshape, Split, Slice),
// and joins, whose inputs are written where they are parts of the output (Concat). Whoever reads or writes
// rows that are then not adjacent has a kernel that takes them, the same it would use for adjacent ones: a
// view never costs a slower kernel. And a value that is computed from such rows, whose only reader that is,
// takes their place where the operator says it may.
#pragma once
#include <vector>

#include "compiler/place.h"

namespace weft {

struct Views {
  std::vector<ValuePlace> values;  // by ValueId; the root of what is not a view is the value itself
  std::vector<bool> is_view;       // by NodeId; joins too
};

Views FindViews(const Graph& graph, const Target& target);

}  // namespace weft
