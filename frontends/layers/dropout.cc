#include "frontends/layers/dropout.h"

#include "ops/dropout/op.h"

namespace weft {

Var Dropout::Forward(Var x, const RandomInputs& random) const {
  if (!x.valid() || p_ == 0 || !random.seed.valid()) return x;
  ModuleScope scope(*this, *x.builder);
  return ops::Dropout(x, p_, random, x.builder->NextStream());
}

}  // namespace weft
