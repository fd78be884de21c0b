// The order of calls. It keeps to the graph's order and departs from it only where that ends values earlier:
//
//   hoist  a node that is ready and frees at least as much as it allocates runs at once (an optimizer update
//          right after its gradient, the sum into an accumulator)
//   sink   a node that allocates more than it frees runs just before its first consumer
//
// Of the graph's order, hoisted, sunk and both, the one with the smallest peak is taken, among equals the one
// whose values end earliest. Deterministic.
#pragma once
#include <vector>

#include "compiler/place.h"

namespace weft {

// All nodes, views too, in an order that respects operands and placement.order.
StatusOr<std::vector<NodeId>> Schedule(const Graph& graph, const Placement& placement);

// The largest sum of arena bytes live at one node when nodes run in this order, workspaces aside.
int64_t PeakBytes(const Graph& graph, const Placement& placement, const std::vector<NodeId>& order);

}  // namespace weft
