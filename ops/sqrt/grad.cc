// dx = dy / (2 y)
#include "ir/gradient.h"
#include "ops/operators.h"
#include "ops/sqrt/op.h"

namespace weft::ops::sqrt {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0) * 0.5 / ctx.output(0)); }

}  // namespace weft::ops::sqrt
