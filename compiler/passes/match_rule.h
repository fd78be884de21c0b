// One rule at one node: is its pattern there, and may it be replaced.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ir/rule.h"

namespace weft {

// The rule's pattern with its root at `root`, commutative operands in either order; nothing if it is not
// there.
std::optional<Match> FindMatch(const Graph& graph, const Rule& rule, NodeId root);

// Why the nodes of the match may not be replaced at its root's place; empty if they may. `position` by NodeId
// rises along the graph.
std::string WhyNot(const Graph& graph, const Match& match, const std::vector<int32_t>& position);

// The match's nodes, each once, in the graph's order.
std::vector<NodeId> NodesOf(const Match& match, const std::vector<int32_t>& position);

}  // namespace weft
