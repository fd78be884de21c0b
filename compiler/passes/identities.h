// Nodes that give their operand back, and chains that are one step:
//   x + 0, x - 0, x * 1, x / 1, -(-x), Identity, a Cast to the same type, an Expand or Reshape to the same
//   shape, a Transpose of nothing, a sum over axes of size 1, Dropout outside of training
//   Reshape(Reshape(x)), Transpose(Transpose(x)), Expand(Expand(x)), Cast(Cast(x)) through a type that holds
//   all x a Transpose that only moves dimensions of size 1: a Reshape
// x + 0 gives 0 for x = -0, and the pass lets -0 through: the one bit that changes.
#pragma once
#include "ir/graph.h"

namespace weft {

// A result of the graph keeps its name. Where the operand is an input or a constant and the node's output a
// result of the graph, the node stays. Returns how many nodes were replaced.
int RemoveIdentities(Graph& graph);

}  // namespace weft
