#include "compiler/passes/decompose_all.h"

#include "compiler/passes/decompose.h"

namespace weft {

Status DecomposeAll(Graph& graph) {
  constexpr int kMaxRounds = 64;  // how deep decompositions lie in one another
  for (int round = 0; round < kMaxRounds; ++round) {
    bool changed = false;
    for (NodeId id : graph.NodeIds()) {
      if (graph.node(id).op->decompose == nullptr) continue;
      WEFT_RETURN_IF_ERROR(DecomposeNode(graph, id));
      changed = true;
    }
    if (!changed) return OkStatus();
  }
  return Internal("a decomposition leads back to its own operator");
}

}  // namespace weft
