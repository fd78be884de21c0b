// Dropout: in training, each element is kept with probability 1 - ratio and divided by it, or becomes 0.
//   data             f32 f64, any shape
//   seed, step, row  i64 [] (ops/common/random.h), all optional; without the operand the attribute `seed`
//   counts output           data's type; takes the bytes of data mask             bool, data's shape,
//   optional: what was kept keep = u < 1 - ratio, u as RandomUniform draws it in [0, 1);  output = data *
//   (keep ? 1 / (1 - ratio) : 0)
// Not in training, or with ratio 0: output = data (a view), mask all true. NaN and infinities are multiplied
// as any other number. The gradient draws the same mask again instead of keeping it.
#pragma once
#include "ops/common/random.h"

namespace weft::ops {

struct DropoutOp {
  static const OpDef def;
  float ratio = 0.5f;
  bool training_mode = false;
  int64_t seed = 0;
  int64_t stream = 0;

  bool active() const { return training_mode && ratio > 0; }
};

// In training, with a stream of its own.
Var Dropout(Var data, float ratio, RandomInputs in, int64_t stream);

}  // namespace weft::ops
