// Gemm: ONNX's matrix product, y = alpha op(A) op(B) + beta C.
//   A  f32 f64  [M, K], or [K, M] with transA
//   B  the same type [K, N], or [N, K] with transB
//   C  the same type, optional, broadcasts to [M, N]; with beta 0 it is not read
//   Y  [M, N]
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct GemmOp {
  static const OpDef def;
  float alpha = 1.0f;
  float beta = 1.0f;
  bool transA = false;  // ONNX's spelling
  bool transB = false;
};

Var Gemm(Var a, Var b, Var c = {}, GemmOp attributes = {});

}  // namespace weft::ops
