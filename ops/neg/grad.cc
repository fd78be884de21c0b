// dx = -dy
#include "ir/gradient.h"
#include "ops/neg/op.h"

namespace weft::ops::neg {

void Gradient(GradientContext& ctx) { ctx.set(0, Neg(ctx.grad(0))); }

}  // namespace weft::ops::neg
