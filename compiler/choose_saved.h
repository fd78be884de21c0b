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

struct SavedChoice {
  int clones = 0;          // nodes that run a second time
  int64_t peak_bytes = 0;  // PlannedPeak of the graph
  bool fits = true;        // kAuto: within the limit
};

// Changes a bound training graph, as passes left it, right before it is placed. kAuto: kinds of node
// (operator and place within the block) are dropped block by block, those first that cost the least time for
// a byte, until PlannedPeak is at most `limit`; then what is not needed after all is kept again, the dearest
// first. Where no choice fits, all that can be is dropped.
StatusOr<SavedChoice> ChooseSaved(Graph& graph, const Target& target, RecomputeMode mode, int64_t limit);

// Bytes of the arena that a bound graph needs at least, workspaces aside.
StatusOr<int64_t> PlannedPeak(Graph graph, const Target& target);

}  // namespace weft
