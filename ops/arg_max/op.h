// ArgMax: where along `axis` the largest element is.
//   data     f32 f64 i32 i64, [.., n, ..]   n >= 1
//   reduced  i64, data's shape with n replaced by 1, or dropped without keepdims
// Of equals the first, with select_last_index the last. A NaN counts as larger than any number: the first
// (last) of them is taken.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ArgMaxOp {
  static const OpDef def;
  int64_t axis = 0;
  bool keepdims = true;
  bool select_last_index = false;
};

Var ArgMax(Var data, int64_t axis, bool keepdims = true);

}  // namespace weft::ops
