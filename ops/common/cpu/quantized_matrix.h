// What multiplies and unpacks weights in 8 or 4 bits (ops/common/quantized_rows.h has their layout).
#pragma once
#include <cstdint>

#include "ops/common/quantized_rows.h"

namespace weft::ops {

// [n, k] in rows; scales [n, groups], one of the two.
struct QuantizedMatrix {
  const uint8_t* codes = nullptr;
  const float* scales = nullptr;
  const uint16_t* scales_bf16 = nullptr;  // in scales' place where that is null
  int64_t k = 0, bits = 8, group = 32;

  int64_t row_bytes() const { return QuantizedRowBytes(k, bits); }
  int64_t groups() const { return QuantGroups(k, group); }
};

// y[i, j] = alpha * (row i of a . row j of b) + bias[j] for all i < m and begin <= j < end; every weight is
// code * scale, exactly. Rows of a are as OrderForBlocks leaves them; strides in elements.
struct QuantizedSkinnyProduct {
  QuantizedMatrix b;
  const float* a = nullptr;
  int64_t a_stride = 0;
  const float* bias = nullptr;  // or none
  float* y = nullptr;
  int64_t y_stride = 0, m = 0;
  float alpha = 1;
};
void MultiplyQuantizedRows(const QuantizedSkinnyProduct& p, int64_t begin, int64_t end);

// x [k] in the order in which the codes of a block of 32 leave their bytes (of 4 bits: even elements first),
// with zeros up to a whole block.
void OrderForBlocks(const float* x, int64_t k, int64_t bits, float* y);
inline int64_t BlockedLength(int64_t k) { return (k + kQuantBlock - 1) / kQuantBlock * kQuantBlock; }

// Rows begin .. end of b as numbers, rows of y `stride` apart; in bf16 each is rounded to the nearest.
void DequantizeRows(const QuantizedMatrix& b, int64_t begin, int64_t end, float* y, int64_t stride);
void DequantizeRowsToBf16(const QuantizedMatrix& b, int64_t begin, int64_t end, uint16_t* y, int64_t stride);

}  // namespace weft::ops
