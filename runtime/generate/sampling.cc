#include "runtime/generate/sampling.h"

#include <cmath>

namespace weft {

Status Check(const SamplingSettings& s) {
  if (!(s.temperature >= 0) || !std::isfinite(s.temperature)) {
    return InvalidArgument("--temperature is {}, expected 0 or more", s.temperature);
  }
  if (s.top_k < 0) return InvalidArgument("--top-k is {}, expected 0 (off) or more", s.top_k);
  if (!(s.top_p > 0 && s.top_p <= 1)) {
    return InvalidArgument("--top-p is {}, expected above 0, at most 1", s.top_p);
  }
  if (!(s.min_p >= 0 && s.min_p <= 1)) return InvalidArgument("--min-p is {}, expected 0 to 1", s.min_p);
  if (!(s.repetition_penalty > 0) || !std::isfinite(s.repetition_penalty)) {
    return InvalidArgument("--repetition-penalty is {}, expected above 0", s.repetition_penalty);
  }
  return OkStatus();
}

}  // namespace weft
