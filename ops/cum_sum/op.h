// CumSum: y[i] = the sum of x[0..i] along `axis`; `exclusive` leaves x[i] itself out, `reverse` sums from the
// end.
//   x  f32 f64 i32 i64   ->  y  the same type and shape; integers wrap
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct CumSumOp {
  static const OpDef def;
  int64_t axis = 0;
  bool exclusive = false;
  bool reverse = false;
};

Var CumSum(Var x, int64_t axis, CumSumOp attributes = {});

}  // namespace weft::ops
