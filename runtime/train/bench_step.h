// What the benchmarks of training share.
#pragma once
#include "ir/graph.h"
#include "runtime/train/settings.h"
#include "runtime/train/step.h"

namespace weft {

// Of a model graph by its output logits [batch, seq, vocab]; an error where there is none.
StatusOr<int64_t> VocabularyOf(const Graph& model);
// A step on random tokens, a function of the settings' seed, step and micro batch.
StepInputs RandomStep(const TrainSettings& settings, int64_t vocab_size, int64_t step);

}  // namespace weft
