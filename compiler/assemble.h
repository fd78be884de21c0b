// From decided places and order to the flat program: prepares kernels, gives workspaces their storages, plans
// the arena.
#pragma once
#include <vector>

#include "compiler/place.h"

namespace weft {

// Fills calls, storages and ports of `program` from its graph. Errors name a node that no kernel of the
// target takes.
Status Assemble(const Target& target, Placement placement, const std::vector<NodeId>& order,
                Program& program);

// Gives the arena storages their offsets.
void PlanArena(Program& program);

}  // namespace weft
