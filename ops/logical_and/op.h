// And: c = a and b, elementwise.
//   a, b  bool, broadcast to each other   ->  c  bool
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct AndOp {
  static const OpDef def;
};

Var And(Var a, Var b);

}  // namespace weft::ops
