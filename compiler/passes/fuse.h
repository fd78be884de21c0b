// The fusion rules of all operators (their fuse.cc), applied to a graph; and why they were not.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/passes/fusions.h"
#include "ir/graph.h"
#include "ir/rule.h"

namespace weft {

// One rule at one place. An empty reason: it fired.
struct FusionNote {
  std::string_view rule;
  std::string node;  // the pattern's last node, as a person would know it: "RMSNormalization 'blocks.3.ln1'"
  std::string reason;  // of a near miss: the pattern is there, and this kept it from being replaced
};

// Replaces every place where a rule's pattern is found, larger patterns first, until nothing more fires.
// Returns what fired, in order, then the near misses of the graph as it ends up. An error: a rule whose
// operator does not take what it is given.
StatusOr<std::vector<FusionNote>> Fuse(Graph& graph, const std::deque<Rule>& rules);
// The same with the rules of all operators, or of those only that have a gradient: these may fuse before
// differentiation. Only rules that `fusions` has.
enum class FusionStage : uint8_t { kDifferentiable, kAll };
StatusOr<std::vector<FusionNote>> Fuse(Graph& graph, FusionStage stage, const Fusions& fusions = {});

}  // namespace weft
