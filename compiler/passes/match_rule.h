// One rule at one node: is its pattern there, and may it be replaced.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ir/rule.h"

namespace weft {

struct FoundMatch {
  Match match;
  std::string why_not;  // why its nodes may not be replaced at the root's place; empty: they may
};

// The rule's pattern with its root at `root`; nothing if it is not there. Where commutative operands leave a
// choice, the first that may be replaced; if none may, the first of all. `position` by NodeId rises along the
// graph.
std::optional<FoundMatch> FindMatch(const Graph& graph, const Rule& rule, NodeId root,
                                    const std::vector<int32_t>& position);

// The match's nodes, each once, in the graph's order.
std::vector<NodeId> NodesOf(const Match& match, const std::vector<int32_t>& position);

}  // namespace weft
