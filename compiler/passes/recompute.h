// Values that the backward pass reads are dropped after their last forward reader and computed again where
// they are needed (T. Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016). The same operators
// on the same operands: the same bits, random ones included, whose draws depend on seed, step and stream
// only.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace weft {

// Every reader of the nodes' outputs in the backward and optimizer phases reads a clone instead (Node::clone
// 1, phase backward), placed before the first of them; a clone reads clones of dropped nodes and what is kept
// of all others. All are forward nodes. Returns the number of clones.
int Recompute(Graph& graph, std::span<const NodeId> dropped);

// A block: the nodes whose scope begins with the same module path up to its first number ("blocks.3").
struct Block {
  std::string scope;
  std::vector<NodeId>
      nodes;  // forward nodes none of whose outputs is read, in the forward phase, outside of the block
};
// In the graph's order; empty where no scope has a number or nothing is of phase backward.
std::vector<Block> Blocks(const Graph& graph);

// All nodes of all blocks dropped: of each block only its operands and results are kept.
int RecomputeBlocks(Graph& graph);

}  // namespace weft
