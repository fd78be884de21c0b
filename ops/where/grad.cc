// dX = d output where the condition holds, else 0; dY the other way round; summed over broadcast axes
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/where/op.h"

namespace weft::ops::where {

void Gradient(GradientContext& ctx) {
  const Var condition = ctx.input(0), dy = ctx.grad(0);
  const Var zero = ctx.builder().Scalar(0, dy.dtype());
  if (ctx.wants(1)) ctx.set(1, SumTo(Where(condition, dy, zero), ctx.input(1).shape()));
  if (ctx.wants(2)) ctx.set(2, SumTo(Where(condition, zero, dy), ctx.input(2).shape()));
}

}  // namespace weft::ops::where
