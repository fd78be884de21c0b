// Not: y = not x, elementwise.
//   x  bool, any shape   ->  y  bool
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct NotOp {
  static const OpDef def;
};

Var Not(Var x);

}  // namespace weft::ops
