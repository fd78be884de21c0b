// What differs between two graphs, by structure: which inputs, states, constants, outputs and nodes one has
// and the other has not, and which both have but not alike.
//
// Nodes are told by the name of their first output, which never changes meaning. What that leaves is matched
// by what it computes: the same operator, attributes, scope and phase of operands that correspond; such a
// node was renamed.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace weft {

struct GraphDifference {
  enum Kind : uint8_t { kRemoved, kAdded, kChanged };  // only in a, only in b, in both
  Kind kind = kChanged;
  std::string_view what;             // "node", "input", "constant", "output", "state", "bound", "graph"
  std::string scope;                 // of a node
  std::string name;                  // of a node's first output; in b, where both have it
  std::string summary;               // "Neg (x)", "f32[2, 3]"; empty for what changed
  std::vector<std::string> changes;  // "axis: -1 -> 0", where both have it
};
std::string_view Name(GraphDifference::Kind kind);  // "removed", "added", "changed"

struct GraphDiff {
  std::vector<GraphDifference>
      differences;  // nodes last, those of one scope together, scopes as they first appear
  int same_nodes = 0;
  int nodes_a = 0, nodes_b = 0;
  int Count(GraphDifference::Kind kind) const;
};

GraphDiff DiffGraphs(const Graph& a, const Graph& b);

// For people: a line each, with `-`, `+` and `~`, then how many; "the same graph" alone where nothing
// differs.
std::string DiffReport(const GraphDiff& diff);

}  // namespace weft
