// What backward keeps of the forward pass and what it computes again, so that a training program fits.
#pragma once
#include <cstdint>
#include <string>

#include "compiler/target.h"
#include "ir/graph.h"

namespace weft {

enum class RecomputeMode : uint8_t {
  kNone,    // everything that backward reads is kept
  kBlocks,  // of each block only its operands and results are kept
  kAuto,    // as much as the limit demands, the cheapest first
};
std::string_view Name(RecomputeMode mode);  // "none", "blocks", "auto"
bool FromName(std::string_view name, RecomputeMode* mode);

// Changes a bound training graph, as passes left it, right before it is placed; returns how many nodes run a
// second time. kAuto: kinds of node (operator and place within the block) are dropped block by block, those
// first that cost the least time for a byte, until PlannedPeak is at most `limit`; then what is not needed
// after all is kept again, the dearest first. Where no choice fits, all that can be is dropped: whoever gave
// the limit looks at the plan.
StatusOr<int> ChooseSaved(Graph& graph, const Target& target, RecomputeMode mode, int64_t limit);

// Bytes of the arena that a bound graph needs at least, workspaces aside.
StatusOr<int64_t> PlannedPeak(Graph graph, const Target& target);

}  // namespace weft
