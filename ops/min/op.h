// Min: the smallest of its inputs, elementwise; NaN where one is NaN.
//   data  one or more, f32 f64 and all integers, one type, broadcast to each other   ->  min  the same type
// Where several are equal, the gradient flows to the first.
#pragma once
#include <span>

#include "ir/builder.h"

namespace weft::ops {

struct MinOp {
  static const OpDef def;
};

Var Min(Var a, Var b);
Var Min(std::span<const Var> data);

}  // namespace weft::ops
