// Chains and trees of elementwise nodes, and reductions of what they give, as one weft.FusedElementwise each:
// what one step hands to the next stays in cache. Grown greedily from each node in order to those that it
// reads or that read it, as long as that moves fewer bytes, breaks no order and holds no memory that was free
// before.
#pragma once
#include <string_view>
#include <vector>

#include "compiler/passes/fuse.h"

namespace weft {

inline constexpr std::string_view kRegionsFusion = "regions";

// Returns the regions that were made, then the elementwise nodes that have a neighbour of their kind but
// stayed out of its region, with the reason. Shapes must be bound. Nothing is done without the fusion
// 'regions'.
StatusOr<std::vector<FusionNote>> FuseRegions(Graph& graph, const Fusions& fusions = {});

}  // namespace weft
