// Unsqueeze: data with dimensions of 1 put in, so that they are the axes `axes` of the result.
//   data  any type of whole bytes   ->  expanded  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct UnsqueezeOp {
  static const OpDef def;
  std::vector<int64_t> axes = {};
};

Var Unsqueeze(Var data, std::vector<int64_t> axes);

}  // namespace weft::ops
