// EmbeddingGrad: the gradient of Gather with respect to its data.
//   indices  i64 or i32, any shape                    0 <= |index| as Gather takes them
//   dy       f32 f64, [outer.., indices.., inner..]
//   accumulator  dw's type and shape, optional: dw may take its place
//   dw       dy's type, [outer.., num_rows, inner..]  `outer` has `axis` dimensions
//   dw[o, v, :] = accumulator[o, v, :] (without one: 0) + sum of dy[o, i, :] over all i with indices[i] = v,
//   in the order of i.
// Every element is summed in that order, whatever the number of threads.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct EmbeddingGradOp {
  static const OpDef def;
  Dim num_rows;
  int64_t axis = 0;
};

Var EmbeddingGrad(Var indices, Var dy, Dim num_rows, int64_t axis = 0, Var accumulator = {});

}  // namespace weft::ops
