// ReduceSum: y = the sum of data over `axes`. A sum of nothing is 0; integers wrap.
//   data  f32 f64 i32 i64   ->  reduced  the same type; reduced axes are 1 (keepdims) or gone
//   axes  negative ones count from the end; none means all, or none with noop_with_empty_axes
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReduceSumOp {
  static const OpDef def;
  std::vector<int64_t> axes = {};
  bool keepdims = true;
  bool noop_with_empty_axes = false;
};

Var ReduceSum(Var data, std::vector<int64_t> axes, bool keepdims = true);

}  // namespace weft::ops
