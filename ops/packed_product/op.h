// weft.PackedProduct: activations times a weight that lies as products read it (ops/pack_weight/op.h),
// so that no call packs it again:
//   y = alpha a weight^T + bias + accumulator
//   a            f32 f64 bf16  [batch.., M, K], K a number
//   b            a's type      PackWeight(weight), weight [N, K]
//   bias         [N], optional, of a's type or f32
//   accumulator  y's type and shape, optional; y may take its place
//   y            [batch.., M, N], of a's type; f32 with f32_result or an accumulator of f32
// `columns` is N.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct PackedProductOp {
  static const OpDef def;
  int64_t columns = 0;
  float alpha = 1.0f;
  bool f32_result = false;
};

Var PackedProduct(Var a, Var b, PackedProductOp attributes, Var bias = {}, Var accumulator = {});

}  // namespace weft::ops
