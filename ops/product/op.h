// weft.Product: the canonical matrix product behind MatMul, Gemm and their transposes.
//   y = alpha op(a) op(b) + bias + accumulator
//   a            f32 f64 bf16  [batch.., M, K], or [batch.., K, M] with trans_a
//   b            the same type, or f32 beside bf16  [batch.., K, N], or [batch.., N, K] with trans_b; batches
//                broadcast
//   bias         [N], optional, of a's type or f32
//   accumulator  y's type and shape, optional: y may take its place
//   y            [batch.., M, N], of a's type; bf16 where one of a and b is, but f32 with f32_result or onto
//   an
//                accumulator of f32
// No matrix is copied to be transposed.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ProductOp {
  static const OpDef def;
  bool trans_a = false;
  bool trans_b = false;
  float alpha = 1.0f;
  bool f32_result = false;
};

Var Product(Var a, Var b, ProductOp attributes = {}, Var bias = {}, Var accumulator = {});

// The matrix sizes of a node that inference accepts; batch dimensions apart.
struct ProductSizes {
  Dim m, n, k;
};
ProductSizes SizesOf(const ProductOp& attributes, const Dims& a, const Dims& b);

}  // namespace weft::ops
