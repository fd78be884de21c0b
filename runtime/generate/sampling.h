// How the next token is chosen from logits: the settings of one sequence.
#pragma once
#include <cstdint>

#include "base/status.h"

namespace weft {

struct SamplingSettings {
  double temperature = 1;         // 0: the best token, no draw
  int64_t top_k = 0;              // only the k best; 0: off
  double top_p = 1;               // only the best that together have this probability; 1: off
  double min_p = 0;               // only those with this share of the best one's probability; 0: off
  double repetition_penalty = 1;  // of tokens that the sequence has already; 1: off
  int64_t seed = 1;               // token i of a sequence is a function of (seed, i) and its logits
};

// Ranges; the error names the flag, what was expected and got.
Status Check(const SamplingSettings& settings);

}  // namespace weft
