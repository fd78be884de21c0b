// Identity: output = input.
//   input  any type of whole bytes, any shape   ->  output  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct IdentityOp {
  static const OpDef def;
};

Var Identity(Var input);

}  // namespace weft::ops
