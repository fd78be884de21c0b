// How fast a training step is and how much memory it takes, on random tokens: `weft bench train`.
#pragma once
#include <vector>

#include "base/statistics.h"
#include "compiler/program.h"
#include "runtime/train/settings.h"

namespace weft {

class Profile;

struct TrainBenchOptions {
  int64_t steps = 10;   // timed
  int64_t warm_up = 3;  // before them, not timed
  int threads = 1;
  Profile* profile = nullptr;  // gets the kernels' times in the steps that are timed
};
// Ranges; the error names the flag of `weft bench train`.
Status Check(const TrainBenchOptions& options);

struct TrainBench {
  int threads = 1;
  int64_t parameters = 0;  // elements
  int64_t tokens_per_step = 0;
  double flops_per_step = 0;  // of the calls, attention counted as causal, without what runs a second time
  double bytes_per_step = 0;  // that the calls read and write, were nothing to stay in the caches
  double compile_seconds = 0;
  double init_seconds = 0;               // drawing the parameters
  std::vector<double> step_seconds;      // one for each timed step: data, forward, backward, update
  double first_loss = 0, last_loss = 0;  // nats a token, of the first and the last step that ran
  int64_t arena_bytes = 0, arena_lower_bound = 0;
  MemoryUse planned;
  // Growth of the resident memory without mapped files from before the compilation to the highest point of
  // the steps.
  int64_t measured_bytes = 0;
  DataType products = DataType::kF32;  // most of them
  double roof_flops = 0;               // FLOP/s of a large product of that type, measured after the steps

  double Seconds() const { return Median(step_seconds); }
  double TokensPerSecond() const { return static_cast<double>(tokens_per_step) / Seconds(); }
  double FlopsPerSecond() const { return flops_per_step / Seconds(); }
  double ShareOfRoof() const { return FlopsPerSecond() / roof_flops; }
};

// model: a training model graph, output logits [batch, seq, vocab]. Batch, accumulation and optimizer are the
// settings'; data and schedule play no part. Errors: those of compiling and running, and a loss that is not
// finite.
StatusOr<TrainBench> BenchTraining(const Graph& model, const TrainSettings& settings,
                                   const TrainBenchOptions& options);

}  // namespace weft
