// ReduceMax: y = the largest of data over `axes`; NaN where one is NaN. Of nothing it is -inf, the smallest
// integer, or false.
//   data  f32 f64, all integers and bool   ->  reduced  the same type; reduced axes are 1 (keepdims) or gone
//   axes  negative ones count from the end; none means all, or none with noop_with_empty_axes
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct ReduceMaxOp {
  static const OpDef def;
  std::vector<int64_t> axes = {};
  bool keepdims = true;
  bool noop_with_empty_axes = false;
};

Var ReduceMax(Var data, std::vector<int64_t> axes, bool keepdims = true);

}  // namespace weft::ops
