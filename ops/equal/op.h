// Equal: c = (a == b), elementwise. NaN equals nothing, 0 equals -0.
//   a, b  f32 f64, all integers and bool, broadcast to each other   ->  c  bool
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct EqualOp {
  static const OpDef def;
};

Var Equal(Var a, Var b);

}  // namespace weft::ops
