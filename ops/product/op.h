// weft.Product: the canonical matrix product behind MatMul, Gemm and their transposes.
//   y = alpha op(a) op(b) + bias + accumulator
//   a            f32 f64  [batch.., M, K], or [batch.., K, M] with trans_a
//   b            the same type [batch.., K, N], or [batch.., N, K] with trans_b; batches broadcast
//   bias         [N], optional
//   accumulator  y's type and shape, optional: y may take its place
//   y            [batch.., M, N]
// No matrix is copied to be transposed.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ProductOp {
  static const OpDef def;
  bool trans_a = false;
  bool trans_b = false;
  float alpha = 1.0f;
};

Var Product(Var a, Var b, ProductOp attributes = {}, Var bias = {}, Var accumulator = {});

// The matrix sizes of a node that inference accepts; batch dimensions apart.
struct ProductSizes {
  Dim m, n, k;
};
ProductSizes SizesOf(const ProductOp& attributes, const Dims& a, const Dims& b);

}  // namespace weft::ops
