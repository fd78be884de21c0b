// Replaces nodes by their decomposition.
#pragma once
#include "ir/graph.h"

namespace weft {

// Replaces `node`, which has a decomposition, by its body, emitted in its place with its scope and phase. The
// outputs keep their names.
Status DecomposeNode(Graph& graph, NodeId node);

}  // namespace weft
