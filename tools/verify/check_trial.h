// Everything that is checked of a graph with its inputs: that it compiles, its memory plan, rewrites, kernels
// and gradients; and of the graph of its gradients the same.
#pragma once
#include <functional>

#include "compiler/target.h"
#include "tools/verify/finding.h"
#include "tools/verify/trial.h"

namespace weft {

struct TrialOptions {
  const Target* target = nullptr;
  // Run on the graph after weft's own passes: rules that are being tried out. Null: none.
  std::function<Status(Graph& graph)> rewrite = {};
  // Given tensors win over the trial's rules; by input or state.
  const Feed* feed = nullptr;
  std::function<Status(std::string_view stage)> progress = {};
};

// Stops at the first kind of check that finds something.
VerifyReport CheckTrial(const Trial& trial, const TrialOptions& options);

}  // namespace weft
