// The learning rate as a function of the step.
#pragma once
#include <cstdint>

#include "runtime/train/settings.h"

namespace weft {

// Step 1 .. steps. Warmup: linear from lr/warmup to lr over warmup_steps. Then
//   constant  lr
//   cosine    min + (lr - min) (1 + cos(pi t)) / 2     Loshchilov & Hutter 2017
//   linear    lr + (min - lr) t
//   wsd       lr, then linear to min over the last decay_steps   Hu et al. 2024
// with t from 0 at the end of warmup to 1 at the last step.
double LearningRate(const TrainSettings& settings, int64_t step);

}  // namespace weft
