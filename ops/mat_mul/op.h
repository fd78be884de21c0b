// MatMul: ONNX's (numpy's) matrix product, y = a b.
//   a  f32 f64 i32 i64  [batch.., M, K], or [K]: then y has no M
//   b  the same type    [batch.., K, N], or [K]: then y has no N; batches broadcast
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct MatMulOp {
  static const OpDef def;
};

Var MatMul(Var a, Var b);

}  // namespace weft::ops
