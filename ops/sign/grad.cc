// Constant wherever it is differentiable: nothing flows.
#include "ir/gradient.h"
#include "ops/sign/op.h"

namespace weft::ops::sign {

void Gradient(GradientContext&) {}

}  // namespace weft::ops::sign
