// dx = dy where y > 0, else 0
#include "ir/gradient.h"
#include "ops/greater/op.h"
#include "ops/relu/op.h"
#include "ops/where/op.h"

namespace weft::ops::relu {

void Gradient(GradientContext& ctx) {
  const Var y = ctx.output(0);
  const Var zero = ctx.builder().Scalar(0, y.dtype());
  ctx.set(0, Where(Greater(y, zero), ctx.grad(0), zero));
}

}  // namespace weft::ops::relu
