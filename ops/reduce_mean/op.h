// ReduceMean: y = the mean of data over `axes`. Of nothing it is NaN (integers: 0); of integers it is cut
// toward zero.
//   data  f32 f64 i32 i64   ->  reduced  the same type; reduced axes are 1 (keepdims) or gone
//   axes  negative ones count from the end; none means all, or none with noop_with_empty_axes
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReduceMeanOp {
  static const OpDef def;
  std::vector<int64_t> axes = {};
  bool keepdims = true;
  bool noop_with_empty_axes = false;
};

Var ReduceMean(Var data, std::vector<int64_t> axes, bool keepdims = true);

}  // namespace weft::ops
