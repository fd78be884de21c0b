// Split: parts of `input` along `axis`, one output each.
//   input  any type of whole bytes, rank >= 1   ->  outputs  the same type
//   split  the parts' sizes, or
//   num_outputs  that many equal parts; the last is smaller if they do not come out even
// Exactly one of the two is given.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SplitOp {
  static const OpDef def;
  Dims split = {};
  int64_t axis = 0;
  int64_t num_outputs = 0;  // 0: not given
};

std::vector<Var> Split(Var input, Dims sizes, int64_t axis);
std::vector<Var> SplitEqually(Var input, int64_t num_outputs, int64_t axis);

}  // namespace weft::ops
