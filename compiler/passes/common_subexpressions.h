// One node for several that compute the same.
#pragma once
#include "ir/graph.h"

namespace weft {

// Merges nodes of one operator with equal attributes, operands (of commutative operators in any order) and
// clone number into the first; its scope and phase stay. Clones that recompute a value have their own number
// and are kept apart. Constants with the same bytes become one. Two results of the graph stay two. Returns
// how many nodes and constants went.
int MergeCommonSubexpressions(Graph& graph);

}  // namespace weft
