// Products of matrices that lie in cache, as attention needs them: c = a b or c += a b in f32, one thread.
#pragma once
#include <cstdint>

namespace weft::ops {

struct SmallProduct {
  int64_t rows, columns, inner;
  const float* a;  // element (i, k) at i * a_row + k * a_column
  int64_t a_row, a_column;
  const float* b;  // [inner, columns], rows b_row apart
  int64_t b_row;
  float* c;  // [rows, columns], rows c_row apart
  int64_t c_row;
  bool accumulate;
};

// `columns` must be a multiple of kSmallProductColumns.
inline constexpr int64_t kSmallProductColumns = 16;
void MultiplySmall(const SmallProduct& p);

// y [columns, rows] = x [rows, columns]^T, rows x_row and y_row apart; what y has more is left alone.
void TransposeSmall(const float* x, int64_t rows, int64_t columns, int64_t x_row, float* y, int64_t y_row);

}  // namespace weft::ops
