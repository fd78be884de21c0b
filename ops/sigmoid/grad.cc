// dx = dy * y * (1 - y)
#include "ir/gradient.h"
#include "ops/operators.h"
#include "ops/sigmoid/op.h"

namespace weft::ops::sigmoid {

void Gradient(GradientContext& ctx) {
  const Var y = ctx.output(0);
  ctx.set(0, ctx.grad(0) * (y * (1.0 - y)));
}

}  // namespace weft::ops::sigmoid
