// dx = -dy * sin(x)
#include "ir/gradient.h"
#include "ops/cos/op.h"
#include "ops/operators.h"
#include "ops/sin/op.h"

namespace weft::ops::cos {

void Gradient(GradientContext& ctx) { ctx.set(0, -ctx.grad(0) * Sin(ctx.input(0))); }

}  // namespace weft::ops::cos
