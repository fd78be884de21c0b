// How well an n-gram model of prepared data's training split predicts its held-out split: what a neural model
// that saw the same tokens has to beat.
#pragma once
#include <cstdint>
#include <string>

#include "base/status.h"

namespace weft {

struct NgramLoss {
  int order = 0;
  double nats = 0;         // sum of -ln p over the held-out tokens asked for
  int64_t num_tokens = 0;  // all of them but the first
  double Mean() const { return nats / static_cast<double>(num_tokens); }
};

// `directory`: made by `weft data prepare`. Interpolated Kneser-Ney of this order (1 to kMaxNgramOrder); the
// same number for any number of threads. Errors: no such data, nothing held out, too little memory.
StatusOr<NgramLoss> MeasureNgramLoss(const std::string& directory, int order, int threads);

}  // namespace weft
