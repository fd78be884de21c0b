// weft.QuantizedProduct: activations times a weight in 8 or 4 bits (ops/common/quantized_rows.h has the
// layout):
//   y = alpha a dequantized^T + bias,   dequantized[n, k] = q[n, k] * scales[n, k / group]
//   a       f32 f64 bf16  [batch.., M, K], K a number
//   b       i8 [N, K], or u8 [N, (K + 1) / 2] of 4 bits
//   scales  f32 f64 bf16  [N, (K + group - 1) / group]
//   bias    [N], optional, of a's type or f32
//   y       [batch.., M, N], of a's type; f32 with f32_result
// Only the weight is quantised: a is multiplied as it is. Beside an a of bf16 the dequantised weight may be
// rounded to bf16 before it is multiplied.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct QuantizedProductOp {
  static const OpDef def;
  int64_t bits = 8;
  int64_t group = 32;
  float alpha = 1.0f;
  bool f32_result = false;
};

Var QuantizedProduct(Var a, Var b, Var scales, QuantizedProductOp attributes, Var bias = {});

}  // namespace weft::ops
