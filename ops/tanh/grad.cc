// dx = dy * (1 - y^2)
#include "ir/gradient.h"
#include "ops/operators.h"
#include "ops/tanh/op.h"

namespace weft::ops::tanh {

void Gradient(GradientContext& ctx) {
  const Var y = ctx.output(0);
  ctx.set(0, ctx.grad(0) * (1.0 - y * y));
}

}  // namespace weft::ops::tanh
