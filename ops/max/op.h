// Max: the largest of its inputs, elementwise; NaN where one is NaN.
//   data  one or more, f32 f64 and all integers, one type, broadcast to each other   ->  max  the same type
// Where several are equal, the gradient flows to the first.
#pragma once
#include <span>

#include "ir/builder.h"

namespace weft::ops {

struct MaxOp {
  static const OpDef def;
};

Var Max(Var a, Var b);
Var Max(std::span<const Var> data);

}  // namespace weft::ops
