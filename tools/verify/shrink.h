// A smaller trial that fails in the same way: outputs, states and nodes are dropped, values become inputs
// with the numbers they had, symbols become numbers, sizes shrink, as long as it still fails.
#pragma once
#include <functional>

#include "tools/verify/trial.h"

namespace weft {

struct ShrinkOptions {
  // Whether a candidate, which is a valid trial, fails as the first one did.
  std::function<bool(const Trial& candidate)> fails;
  int max_tries = 1000;  // calls of `fails`
};

Trial Shrink(Trial trial, const ShrinkOptions& options);

}  // namespace weft
