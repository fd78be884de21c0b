// Gather: slices of `data` along `axis`, picked by `indices`.
//   data     any type of whole bytes, [outer.., n, inner..]   n = dimension `axis`
//   indices  i64 or i32, any shape; -n <= index < n, negative ones count from the end
//   output   data's type, [outer.., indices.., inner..]       a scalar index drops the axis
// An index out of range is an error at run time. An embedding is Gather(weight, ids).
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct GatherOp {
  static const OpDef def;
  int64_t axis = 0;
};

Var Gather(Var data, Var indices, int64_t axis = 0);

}  // namespace weft::ops
