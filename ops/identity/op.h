// Identity: y = x, of any type and shape. Placement makes it a view, or a copy where bytes must be kept.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct IdentityOp {
  static const OpDef def;
};

Var Identity(Var x);

}  // namespace weft::ops
