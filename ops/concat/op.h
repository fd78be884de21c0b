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

// Where an input lies in the output: element (r, c) of its rows is element (row_offset + r, column_offset +
// c) there. False if its rows do not lie so. Shapes are bound.
bool PartOfConcat(const NodeTypes& node, int input, View* view);

}  // namespace weft::ops
