// Offsets in one arena for storages that live from one call to another.
//
// Greedy: the largest first, each into the smallest gap that it fits among those already placed that live at
// the same time, or else on top. While the arena is larger than the bound, a bounded search repeats it in
// other orders, with the storages that stuck out moved forward. Deterministic.
#pragma once
#include <cstdint>
#include <span>

namespace weft {

struct ArenaItem {
  int64_t bytes = 0;  // a multiple of 64
  int32_t first = 0;  // live in the calls [first, last]
  int32_t last = -1;
  int64_t offset = 0;  // the result
};

struct ArenaPlan {
  int64_t bytes = 0;        // of the arena
  int64_t lower_bound = 0;  // the largest sum of items live in one call
  int32_t peak_call = -1;   // the first such call
};

ArenaPlan PlanMemory(std::span<ArenaItem> items);

}  // namespace weft
