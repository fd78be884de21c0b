// Squeeze: data without the dimensions `axes`, which must be 1; without axes, without all that are 1.
//   data  any type of whole bytes   ->  squeezed  the same type
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SqueezeOp {
  static const OpDef def;
  std::vector<int64_t> axes = {};
};

Var Squeeze(Var data, std::vector<int64_t> axes = {});

}  // namespace weft::ops
