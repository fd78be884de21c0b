// The steps of blocked attention on tiles in cache (Dao et al. 2022): online softmax forward, recomputed
// softmax backward. A row's bits depend on no other row.
#pragma once
#include <cstdint>

namespace weft::ops {

inline constexpr int64_t kQueryTile = 64, kKeyTile = 64;

// A tile of scores [rows, kKeyTile], a row for each query and a column for each key. The first Open(i)
// columns are open to row i, unless a mask closes them.
struct ScoreTile {
  float* scores = nullptr;
  int64_t rows = 0;
  int64_t columns = 0;     // keys that there are
  int64_t first_open = 0;  // columns open to row 0; may lie outside [0, columns]
  bool causal = false;     // each further row has one more
  int64_t Open(int64_t row) const {
    const int64_t open = causal ? first_open + row : columns;
    return open < 0 ? 0 : open < columns ? open : columns;
  }

  float softcap = 0;           // > 0: scores become softcap * tanh(score / softcap)
  const void* mask = nullptr;  // of row 0 and column 0: f32 to be added, or bool (true: open); null: none
  bool boolean_mask = false;
  int64_t mask_row = 0;  // elements between rows of the mask
  bool Plain() const { return softcap == 0 && mask == nullptr; }
};

// Scores times `scale`, capped and masked (-infinity where closed), in the open columns. `tanh`, if given,
// gets tanh(score / softcap) at the same places.
void CapAndMask(const ScoreTile& tile, float scale, float* tanh);

// One step of the online softmax: scores become p = exp(s - top), closed ones 0; top and sum [rows] are
// brought up to date, and y's rows (y_row apart, `dim` long, a multiple of 16) are scaled to the new top.
void OnlineSoftmax(const ScoreTile& tile, float* top, float* sum, float* y, int64_t y_row, int64_t dim);

// Scores become p = exp(scale * s - lse[row]), closed ones 0. A row whose lse is -infinity becomes 0.
void SoftmaxFromLse(const ScoreTile& tile, float scale, const float* lse);

// ds = p * (dp - delta[row]) * scale [* (1 - tanh^2)] into dp, whole tile rows; tanh may be null.
void ScoreGradient(const ScoreTile& p, float* dp, const float* delta, float scale, const float* tanh);

}  // namespace weft::ops
