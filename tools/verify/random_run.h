// Many random graphs, checked on several threads; the first that fails is shrunk.
#pragma once
#include <functional>
#include <optional>

#include "tools/verify/check_trial.h"
#include "tools/verify/random_graph.h"

namespace weft {

struct RandomRunOptions {
  uint64_t seed = 1;  // of the first graph; the others have the numbers that follow
  int64_t graphs = 1;
  int steps = 12;
  int64_t max_elements = 1500;  // of an operator's inputs
  int workers = 1;
  // The target for graphs of one or two threads; null: weft's own kernels.
  std::function<const Target*(int threads)> target = {};
  std::function<Status(Graph& graph)> rewrite = {};  // see TrialOptions
  std::function<void(int64_t done)> progress = {};   // now and then, from the calling thread
};

struct RandomRun {
  VerifyReport report;  // of all graphs; findings of the first that failed only
  int64_t graphs = 0, nodes = 0, symbolic = 0, differentiated = 0, empty = 0;  // empty: with an empty tensor
  std::map<std::string, int64_t> operators;                                    // how many graphs have one
  uint64_t failed_seed = 0;                                                    // of the first that failed
  std::optional<Trial> failed, shrunk;
};

// Ends early where one fails, or with an error on Ctrl-C.
StatusOr<RandomRun> RunRandomGraphs(const RandomRunOptions& options);

// The smallest found that fails with the same kind of finding.
Trial ShrinkFailure(const Trial& trial, const TrialOptions& options, CheckKind check);

}  // namespace weft
