// What nothing reads.
#pragma once
#include "ir/graph.h"

namespace weft {

// Removes nodes none of whose outputs is read, then optional outputs and constants that are not. Inputs and
// states stay: they are how the graph is called. Returns how many nodes and outputs went.
int RemoveDeadCode(Graph& graph);

}  // namespace weft
