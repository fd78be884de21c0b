// Which nodes are views: all their outputs are parts of their input's bytes (Reshape, Split, Slice), and
// whoever reads rows that are then not adjacent has a kernel that takes them, the same it would use for
// adjacent ones: a view never costs a slower kernel.
#pragma once
#include <vector>

#include "compiler/place.h"

namespace weft {

struct Views {
  std::vector<ValuePlace> values;  // by ValueId; the root of what is not a view is the value itself
  std::vector<bool> is_view;       // by NodeId
};

Views FindViews(const Graph& graph, const Target& target);

}  // namespace weft
