// A graph as Graphviz draws it.
#pragma once
#include <string>

#include "ir/graph.h"

namespace weft {

// Nodes coloured by phase and named by operator and scope; inputs, states and outputs as ellipses; edges with
// the value's type. Constants are left out.
std::string DotOf(const Graph& graph);

}  // namespace weft
