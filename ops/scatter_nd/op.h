// ScatterND: data with slices, each picked by a tuple of indices, replaced by or combined with updates.
//   data     any type of whole bytes (a reduction: f32 f64 i32 i64), [d_1, .., d_k, inner..]
//   indices  i64, [q.., k]; -d_j <= index < d_j, negative ones count from the end
//   updates  data's type, [q.., inner..]
//   output   data's type and shape; takes the bytes of data
//   output = data; then in the order of q..: output[indices[q.., 0], .., indices[q.., k-1], :] becomes
//   updates[q.., :] ("none": the last of equal tuples stays), or old + new ("add"), old * new ("mul"),
//   max(old, new) ("max"), min(old, new) ("min"; NaN stays in both).
// An index out of range is an error at run time; the output is then undefined.
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct ScatterNDOp {
  static const OpDef def;
  std::string reduction = "none";
};

Var ScatterND(Var data, Var indices, Var updates, std::string reduction = "none");

}  // namespace weft::ops
