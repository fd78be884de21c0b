// The graph in primitives: what any optimised graph is compared in.
#pragma once
#include "ir/graph.h"

namespace weft {

// Replaces every node that has a decomposition by it, and what comes out too, until only primitives are left.
Status DecomposeAll(Graph& graph);

}  // namespace weft
