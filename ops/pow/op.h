// Pow: z = x^y, elementwise.
//   x  f32 f64 i32 i64;  y  these and all integers, broadcast to each other   ->  z  x's type
// Integers to an integer power wrap; a negative power of an integer is cut toward zero, and of 0 an error.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct PowOp {
  static const OpDef def;
};

Var Pow(Var x, Var y);
Var Pow(Var x, double y);

}  // namespace weft::ops
