// Less: c = (a < b), elementwise; false where one is NaN.
//   a, b  f32 f64 and all integers, broadcast to each other   ->  c  bool
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct LessOp {
  static const OpDef def;
};

Var Less(Var a, Var b);

}  // namespace weft::ops
