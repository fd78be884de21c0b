// GatherND: slices of data, each picked by a tuple of indices.
//   data     any type of whole bytes, [b.., d_1, .., d_k, inner..]   b.. = batch_dims dimensions
//   indices  i64, [b.., q.., k]; -d_j <= index < d_j, negative ones count from the end
//   output   data's type, [b.., q.., inner..]
//   output[b.., q.., :] = data[b.., indices[b.., q.., 0], .., indices[b.., q.., k-1], :]
// An index out of range is an error at run time.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct GatherNDOp {
  static const OpDef def;
  int64_t batch_dims = 0;
};

Var GatherND(Var data, Var indices, int64_t batch_dims = 0);

}  // namespace weft::ops
