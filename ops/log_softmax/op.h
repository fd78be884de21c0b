// LogSoftmax: y = x - logsumexp(x) along `axis`. ONNX's since opset 13.
//   x  f32 f64, at least one dimension   ->  y  x's type and shape
// A row with +infinity or NaN, or with nothing but -infinity, is NaN.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct LogSoftmaxOp {
  static const OpDef def;
  int64_t axis = -1;
};

Var LogSoftmax(Var x, int64_t axis = -1);

}  // namespace weft::ops
