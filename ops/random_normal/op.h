// RandomNormal: normally distributed numbers.
//   seed, step, row  i64 [] (ops/common/random.h)
//   output           dtype (f32, f64), of the shape given
//   y = mean + scale * x, x standard normal from the element's word (base/normal.h): computed in f64, rounded
//   once.
// ONNX's operator has a float `seed` as attribute and no operands; ours draws the same numbers on every
// device.
#pragma once
#include "ops/common/random.h"

namespace weft::ops {

struct RandomNormalOp {
  static const OpDef def;
  DataType dtype = DataType::kF32;
  float mean = 0;
  float scale = 1;
  Dims shape = {-1};  // must be given
  int64_t stream = 0;
};

Var RandomNormal(RandomInputs in, int64_t stream, Dims shape, float mean = 0, float scale = 1,
                 DataType dtype = DataType::kF32);

}  // namespace weft::ops
