// TopK: the k largest (or smallest) elements along `axis`, in order, and where they are.
//   X        f32 f64 i32 i64, [.., n, ..], 0 <= k <= n
//   Values   X's type, [.., k, ..]
//   Indices  i64, Values' shape
// Of equals the smaller index comes first. A NaN counts as larger than any number (ONNX leaves it open). With
// sorted = 0 ONNX leaves the order open; it is the same here.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct TopKOp {
  static const OpDef def;
  int64_t k = 1;
  int64_t axis = -1;
  bool largest = true;
  bool sorted = true;
};

struct TopKVars {
  Var values, indices;
};
TopKVars TopK(Var x, int64_t k, int64_t axis = -1, bool largest = true);

}  // namespace weft::ops
