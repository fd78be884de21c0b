// RandomTruncatedNormal: normally distributed numbers on the condition that none lies further than `cut`
// deviations from the mean (the usual initial values of weights: cut 3).
//   seed, step, row  i64 [] (ops/common/random.h)
//   output           dtype (f32, f64), of the shape given
//   y = mean + scale * x, x = Phi^-1(1/2 + q m), q uniform in (-1/2, 1/2) and m = Phi(cut) - Phi(-cut):
//   no draw is rejected, so each element takes one word. Computed in f64, rounded once.
// `scale` is the deviation before the cut: with cut 3 the result's is 0.9866 of it.
#pragma once
#include "ops/common/random.h"

namespace weft::ops {

struct RandomTruncatedNormalOp {
  static const OpDef def;
  DataType dtype = DataType::kF32;
  float mean = 0;
  float scale = 1;
  float cut = 3;      // in deviations
  Dims shape = {-1};  // must be given
  int64_t stream = 0;
};

Var RandomTruncatedNormal(RandomInputs in, int64_t stream, Dims shape, float mean = 0, float scale = 1,
                          float cut = 3, DataType dtype = DataType::kF32);

}  // namespace weft::ops
