// Slice: along each of `axes`, the elements start, start + step, ... before (step < 0: after) end.
//   data  any type of whole bytes   ->  output  the same type
//   starts, ends  one for each axis; negative ones count from the end; they are then clamped to the
//   dimension,
//                 so that INT64_MAX (INT64_MIN for a negative step) means all that is left
//   axes  none: the first ones, in order;  steps  none: all 1; not 0
// Where a dimension is still a symbol n: a start or end that is a formula is taken as it is, a negative
// number -k as n - k, which is right for every n >= k, and of other ends only INT64_MAX is known to be n.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct SliceOp {
  static const OpDef def;
  Dims starts = {};
  Dims ends = {};
  std::vector<int64_t> axes = {};
  std::vector<int64_t> steps = {};
};

Var Slice(Var data, Dims starts, Dims ends, std::vector<int64_t> axes = {}, std::vector<int64_t> steps = {});

// What is taken of one dimension: start, start + step, ..., size of them.
struct SliceRange {
  Dim start = 0;
  Dim size = 0;
  int64_t step = 1;
};
// For each dimension of data; of an accepted node.
std::vector<SliceRange> SliceRanges(const SliceOp& op, const Dims& shape);

}  // namespace weft::ops
