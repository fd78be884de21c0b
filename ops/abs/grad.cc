// dx = dy * sign(x)
#include "ir/gradient.h"
#include "ops/abs/op.h"
#include "ops/operators.h"
#include "ops/sign/op.h"

namespace weft::ops::abs {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0) * Sign(ctx.input(0))); }

}  // namespace weft::ops::abs
