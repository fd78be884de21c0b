// weft.QuantizeRows: a matrix in 8 or 4 bits with one scale for each group of a row
// (ops/common/quantized_rows.h has the layout).
//   x          f32 f64  [N, K], K a number
//   quantized  i8 [N, K], or u8 [N, (K + 1) / 2] of 4 bits
//   scales     x's type, of values that bf16 holds: [N, (K + group - 1) / group]
// Of a group x with m its element of the largest magnitude (the first of several):
//   8 bits  scale = bf16(|m| / 127),  q = clamp(round(x / scale), -127, 127)
//   4 bits  scale = bf16(m / d),      q = clamp(round(x / scale), -8, 7), with that d of -8, -8.5, -7.5, -9,
//   -7,
//           7 for which the sum of (x - q scale)^2 is least (the first of several)
// Halves are rounded to even. Where the scale is 0 all q are 0; a group with an element that is not finite,
// or too large for bf16, has the scale NaN. Computed in f64 whatever x is.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct QuantizeRowsOp {
  static const OpDef def;
  int64_t bits = 8;
  int64_t group = 32;
};

// The group of which rows of k elements have one: larger ones say no more.
int64_t LargestGroup(int64_t k);

struct QuantizedRows {
  Var quantized, scales;
};
QuantizedRows QuantizeRows(Var x, QuantizeRowsOp attributes);

}  // namespace weft::ops
