// Windows of tokens into a program's inputs tokens, positions and labels (i64 [batch, seq]).
#pragma once
#include <cstdint>

#include "base/philox.h"
#include "frontends/data/windows.h"
#include "runtime/executor/executor.h"

namespace weft {

// Rows first_row, first_row + 1, ... of the whole batch of `step`.
Status FillTrainingBatch(Executor& program, const TrainWindows& windows, int64_t step, int64_t first_row);

// Sets an input of one number; does nothing where the program has no such input. An error if its type is
// another.
Status FillScalar(Executor& program, std::string_view name, float value);
Status FillScalar(Executor& program, std::string_view name, int64_t value);

// Of `count` evaluation windows at `stride` windows' distance, those from number `first` on; what the batch
// has more counts for nothing.
Status FillEvaluationBatch(Executor& program, const EvalWindows& windows, int64_t first, int64_t count,
                           int64_t stride);

// Tokens and labels drawn evenly from [0, vocab_size), for measurements.
Status FillRandomBatch(Executor& program, int64_t vocab_size, const RandomKey& key);

}  // namespace weft
