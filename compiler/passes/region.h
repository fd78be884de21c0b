// A set of elementwise nodes as one: what it reads and gives, where it can stand, what it saves and what
// memory it needs. The pass fuse_regions grows them.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/fused_elementwise/op.h"

namespace weft {

inline constexpr size_t kMaxRegionInputs = 12, kMaxRegionOutputs = 4, kMaxRegionNodes = 32;

// What the pass knows of each node, by NodeId.
struct RegionNode {
  ops::BodyStep step;
  std::string why_not;  // not empty: no region takes it. "-": it is of no kind that could
  double bytes = 0;     // moved by it alone
  bool fits() const { return why_not.empty(); }
};
RegionNode RegionNodeOf(const Graph& graph, NodeId id);

// The graph's nodes by position.
struct NodeOrder {
  explicit NodeOrder(const Graph& graph);
  std::vector<NodeId> nodes;
  std::vector<int32_t> position;  // by NodeId
};

struct Region {
  std::vector<NodeId> nodes;             // in order
  std::vector<ValueId> inputs, outputs;  // without constants that the body takes in
  NodeId before = NodeId::kNone;         // where it stands: in this node's place
  double bytes = 0;                      // moved by it as one
};

// The set as a region; an error is the reason why it is none. `nodes` in any order.
StatusOr<Region> MakeRegion(const Graph& graph, const NodeOrder& order, const std::vector<RegionNode>& infos,
                            std::vector<NodeId> nodes);

// A constant of one element: part of the body.
bool IsInnerConstant(const Graph& graph, ValueId v);

}  // namespace weft
