// weft.PackWeight: a weight in the layout that products read without a copy (ops/common/packed_weight.h).
//   weight  any float [N, K], both numbers
//   packed  weight's type, PackedShape(N, K): zero where a block goes beyond the weight
#pragma once
#include "ir/builder.h"
#include "ops/common/packed_weight.h"

namespace weft::ops {

struct PackWeightOp {
  static const OpDef def;
};

Var PackWeight(Var weight);

}  // namespace weft::ops
