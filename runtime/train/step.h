// One training step as programs run it: micro steps that add gradients, then the update. Trainer and bench
// share it.
#pragma once
#include <cstdint>
#include <functional>

#include "runtime/executor/executor.h"

namespace weft {

struct StepPrograms {
  Executor* step = nullptr;
  Executor* apply = nullptr;  // with accumulation; without, `step` updates as well
};

struct StepInputs {
  int64_t step = 1;
  int64_t micro_steps = 1, batch_size = 1;  // windows of one micro step
  int64_t seed = 0;
  double lr = 0;
  // Puts the batch of one micro step into the program.
  std::function<Status(Executor& program, int64_t micro)> fill_batch;
};

struct StepResult {
  double loss_sum = 0, token_count = 0;  // over all micro steps
  double grad_norm = 0;                  // before clipping
};

// An f32 output of one number of the last run.
StatusOr<double> ScalarOutput(const Executor& program, std::string_view output);

// Sets lr, step, seed and row of both programs, as far as they have them, and the batch.
Status FillMicroStep(const StepPrograms& programs, const StepInputs& inputs, int64_t micro);

StatusOr<StepResult> RunStep(const StepPrograms& programs, const StepInputs& inputs);

}  // namespace weft
