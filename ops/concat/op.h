// Concat: its inputs one after the other along `axis`.
//   inputs  one or more, one type of whole bytes and one rank >= 1, equal but for `axis`   ->  concat_result
#pragma once
#include <limits>
#include <span>

#include "ir/builder.h"

namespace weft::ops {

struct ConcatOp {
  static const OpDef def;
  int64_t axis = std::numeric_limits<int64_t>::min();  // must be given
};

Var Concat(const std::vector<Var>& inputs, int64_t axis);

}  // namespace weft::ops
