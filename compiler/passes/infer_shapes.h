// Types from inputs and attributes on.
#pragma once
#include "ir/graph.h"

namespace weft {

// Infers the type of every node's outputs anew, in order. The error is the operator's own; one for a state
// whose next value no longer has its type.
Status InferShapes(Graph& graph);

}  // namespace weft
