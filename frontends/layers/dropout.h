// Dropout (Srivastava et al. 2014): kept elements divided by 1 - p. Which are kept is a function of (seed,
// step, stream, element index in the whole batch); without a seed (evaluation, serving) it emits nothing.
#pragma once
#include "frontends/layers/module.h"
#include "ops/common/random.h"

namespace weft {

// Graph inputs behind all random operators of a training step: i64 scalars. `row` is the first row of this
// part of the whole batch.
using ops::RandomInputs;

class Dropout : public Module {
 public:
  explicit Dropout(float p) : p_(p) {}
  Var Forward(Var x, const RandomInputs& random) const;

 private:
  float p_;
};

}  // namespace weft
