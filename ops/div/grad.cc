// da = dc / b, db = -dc * c / b, summed over broadcast axes
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/div/op.h"
#include "ops/operators.h"

namespace weft::ops::div {

void Gradient(GradientContext& ctx) {
  const Var b = ctx.input(1);
  const Var da = ctx.grad(0) / b;
  if (ctx.wants(0)) ctx.set(0, SumTo(da, ctx.input(0).shape()));
  if (ctx.wants(1)) ctx.set(1, -SumTo(da * ctx.output(0), b.shape()));
}

}  // namespace weft::ops::div
