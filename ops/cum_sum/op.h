// CumSum: running sums along `axis`.
//   x  f32 f64 i32 i64, rank >= 1   ->  y  x's type and shape; takes the bytes of x
//   y[i] = x[0] + .. + x[i], exclusive: x[0] + .. + x[i-1]; reverse: from the end. f32 is summed in f64;
//   integers wrap.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct CumSumOp {
  static const OpDef def;
  int64_t axis = 0;
  bool exclusive = false;
  bool reverse = false;
};

Var CumSum(Var x, int64_t axis, bool exclusive = false, bool reverse = false);

}  // namespace weft::ops
