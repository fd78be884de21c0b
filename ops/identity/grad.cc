// d input = d output
#include "ir/gradient.h"
#include "ops/identity/op.h"

namespace weft::ops::identity {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0)); }

}  // namespace weft::ops::identity
