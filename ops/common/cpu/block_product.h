// Products of small matrices that lie in the cache, padded so that no loop has a remainder: what attention is
// made of.
#pragma once
#include <cstdint>

namespace weft::ops {

inline constexpr int64_t kBlockRows = 8;      // rows of c come in multiples of this
inline constexpr int64_t kBlockColumns = 16;  // and columns of this

// c [m, n] = a b, or c += a b:  c[i, j] (+)= sum over k of a[i * a_row + k * a_k] * b[k * b_stride + j].
// m a multiple of kBlockRows, n of kBlockColumns; strides in elements. The bits of c[i, j] do not depend on m
// and n.
struct BlockProduct {
  const float* a = nullptr;
  int64_t a_row = 0, a_k = 1;
  const float* b = nullptr;
  int64_t b_stride = 0;
  float* c = nullptr;
  int64_t c_stride = 0;
  int64_t m = 0, n = 0, k = 0;
  bool accumulate = false;
};
void Multiply(const BlockProduct& p);

// Copies x [rows, columns] with row stride `stride`, times `factor`, into y [padded_rows, padded_columns],
// zero outside.
void PackRows(const float* x, int64_t stride, int64_t rows, int64_t columns, float factor,
              int64_t padded_rows, int64_t padded_columns, float* y);
// The same transposed: y [columns, padded_rows] = x^T, zero for rows and beyond.
void PackTransposed(const float* x, int64_t stride, int64_t rows, int64_t columns, int64_t padded_rows,
                    float* y);

}  // namespace weft::ops
