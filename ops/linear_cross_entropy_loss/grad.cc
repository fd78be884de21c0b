// dx and dweight of a loss whose gradient is 1 were made with the loss: both times dloss.
#include "ir/gradient.h"
#include "ops/linear_cross_entropy_loss/op.h"
#include "ops/operators.h"

namespace weft::ops::linear_cross_entropy_loss {

void Gradient(GradientContext& ctx) {
  if (ctx.grad(1).valid() || ctx.grad(2).valid()) {
    ctx.builder().SetError(Unimplemented("a gradient that flows into dx or dweight is not there"));
    return;
  }
  const Var dloss = ctx.grad(0);
  if (ctx.wants(0)) ctx.set(0, ctx.saved(1) * dloss);
  if (ctx.wants(1)) ctx.set(1, ctx.saved(2) * dloss);
}

}  // namespace weft::ops::linear_cross_entropy_loss
