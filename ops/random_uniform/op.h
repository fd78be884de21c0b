// RandomUniform: uniformly distributed numbers in [low, high).
//   seed, step, row  i64 [] (ops/common/random.h)
//   output           dtype (f32, f64), of the shape given
//   y = low + (high - low) * u, u one of 2^24 multiples of 2^-24 in [0, 1); a y that rounds to high becomes
//   the number below it.
// ONNX's operator has a float `seed` as attribute and no operands; ours draws the same numbers on every
// device.
#pragma once
#include "ops/common/random.h"

namespace weft::ops {

struct RandomUniformOp {
  static const OpDef def;
  DataType dtype = DataType::kF32;
  float high = 1;
  float low = 0;
  Dims shape = {-1};  // must be given
  int64_t stream = 0;
};

Var RandomUniform(RandomInputs in, int64_t stream, Dims shape, float low = 0, float high = 1,
                  DataType dtype = DataType::kF32);

}  // namespace weft::ops
