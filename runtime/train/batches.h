// Which windows of the token sequence a step sees, and their placement into a program's inputs.
#pragma once
#include <cstdint>

#include "base/shards.h"
#include "runtime/executor/executor.h"

namespace weft {

// Fills the inputs tokens, positions and labels (i64 [batch, seq]) of `program` for one micro batch of training: row r of
// the whole batch begins at a place drawn from (seed, step, r), uniformly over all windows of seq + 1 tokens.
Status FillTrainingBatch(Executor& program, const TokenDataset& data, uint64_t seed, int64_t step, int64_t first_row);

// The fixed evaluation windows of `size` tokens: window k reads tokens [k seq, k seq + seq) and is asked for the ones after
// each; together they ask for every token but the first exactly once. The last may be short.
int64_t NumEvaluationWindows(int64_t size, int64_t seq);

// Rows [first, first + batch) of the `windows` windows that begin at `stride` windows' distance; rows and positions past
// the end get label -1 and count for nothing.
Status FillEvaluationBatch(Executor& program, const TokenDataset& data, int64_t first, int64_t windows, int64_t stride);

}  // namespace weft
