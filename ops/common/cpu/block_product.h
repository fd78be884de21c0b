// Products of small matrices that lie in the cache: what attention is made of.
#pragma once
#include <cstdint>

namespace weft::ops {

inline constexpr int64_t kBlockRows = 8;      // rows of c are computed this many at a time
inline constexpr int64_t kBlockColumns = 16;  // columns of c come in multiples of this
inline int64_t RoundUpTo(int64_t x, int64_t multiple) { return (x + multiple - 1) / multiple * multiple; }

// c [m, n] = a b, or c += a b:  c[i, j] (+)= sum over k of a[i * a_row + k * a_k] * b[k * b_row + j].
// n a multiple of kBlockColumns; strides in elements. The bits of c[i, j] do not depend on m and n.
struct BlockProduct {
  const float* a = nullptr;
  int64_t a_row = 0, a_k = 1;
  const float* b = nullptr;
  int64_t b_row = 0;
  float* c = nullptr;
  int64_t c_row = 0;
  int64_t m = 0, n = 0, k = 0;
  bool accumulate = false;
};
void MultiplyBlock(const BlockProduct& p);

// A matrix to be packed: [rows, columns], rows `stride` elements apart.
struct PackSource {
  const float* x = nullptr;
  int64_t stride = 0, rows = 0, columns = 0;
};
// y [rows, y_row] = x * factor, zero in the columns beyond x's.
void PackRows(const PackSource& x, float factor, float* y, int64_t y_row);
// y [columns, y_row] = x^T; what lies in y's rows beyond x's rows is left alone.
void PackTransposed(const PackSource& x, float* y, int64_t y_row);
// y [rows, columns] = x, for the rows of y `y_row` apart: the way back.
void UnpackRows(const PackSource& x, float* y, int64_t y_row);

}  // namespace weft::ops
