// What each fusion gains: `weft bench fusions`. A training step is compiled with all fusions and once more
// without each; all programs run in turns on the same states, so that what else the machine does meanwhile
// falls on all of them alike.
#pragma once
#include <string>
#include <vector>

#include "base/statistics.h"
#include "ir/graph.h"
#include "runtime/train/bench.h"

namespace weft {

struct FusionBench {
  std::string without;  // the fusion left out; "": none is, "all": each is
  int64_t calls = 0;    // of kernels
  double bytes = 0;     // that the calls read and write
  int64_t arena_bytes = 0;
  std::vector<double> step_seconds = {};  // by round
};

struct FusionsBench {
  int threads = 1;
  std::vector<FusionBench> variants;  // the first with all fusions; those that never fire are left out

  // Median over the rounds of this variant's time over that of the first in the same round.
  double TimeRatio(const FusionBench& variant) const;
};

// As BenchTraining; options.steps rounds are timed. Gradient accumulation must be 1.
StatusOr<FusionsBench> BenchFusions(const Graph& model, const TrainSettings& settings,
                                    const TrainBenchOptions& options);

}  // namespace weft
