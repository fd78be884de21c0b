// Lets outputs take the bytes of inputs that die at their node, in the pairs that the operator declares; and
// settles between which calls each arena storage is needed. After the order is known.
#pragma once
#include <vector>

#include "compiler/place.h"

namespace weft {

// Output y of a node takes the storage of its input x if the pair is declared, x's storage is in the arena
// and no one reads any of it later, x is all of it, both have as many bytes and elements, and no other
// operand of the node lies in it unless at the same place in a declared pair. `order` gives call i to
// order[i].
void ShareInPlace(const Graph& graph, const std::vector<NodeId>& order, Placement& placement);

}  // namespace weft
