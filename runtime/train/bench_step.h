// What the benchmarks of training share.
#pragma once
#include "runtime/executor/executor.h"
#include "runtime/train/settings.h"

namespace weft {

// Of a model graph by its output logits [batch, seq, vocab]; an error where there is none.
StatusOr<int64_t> VocabularyOf(const Graph& model);
// Sets every input of a step (or, with its scalars only, an apply step) that the program has: random tokens,
// a function of seed, step and micro batch, and the scalars.
Status FillRandomStep(Executor& program, const TrainSettings& settings, int64_t vocab_size, int64_t step,
                      int64_t micro);

}  // namespace weft
