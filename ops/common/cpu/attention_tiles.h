// The steps of blocked attention on tiles in cache (Dao et al. 2022): online softmax forward, recomputed
// softmax backward.
#pragma once
#include <cstdint>

#include "ops/common/cpu/rows.h"

namespace weft::ops {

inline constexpr int64_t kQueryTile = 64, kKeyTile = 64;

// A tile of scores [rows, kKeyTile]: row i belongs to query first_query + i, column j to key first_key + j;
// `columns` keys exist, and with `causal` those up to the query itself are open.
struct ScoreTile {
  float* scores;
  int64_t rows, columns;
  int64_t first_query, first_key;
  bool causal;
  int64_t Open(int64_t row) const {  // how many of the columns are open to a row
    if (!causal) return columns;
    const int64_t open = first_query + row - first_key + 1;
    return open < 0 ? 0 : open < columns ? open : columns;
  }
};

// One step of the online softmax: scores become p = exp(scale * s - top), closed ones 0; top and sum [rows]
// are brought up to date and y's rows (y_row apart, `dim` long) are scaled to the new top.
void OnlineSoftmax(const ScoreTile& tile, float scale, float* top, float* sum, float* y, int64_t y_row,
                   int64_t dim);

// Scores become p = exp(scale * s - lse[row]), closed ones 0.
void SoftmaxFromLse(const ScoreTile& tile, float scale, const float* lse);

// ds = p * (dp - delta[row]) * scale into dp, whole tile rows.
void ScoreGradient(const ScoreTile& p, float* dp, const float* delta, float scale);

}  // namespace weft::ops
