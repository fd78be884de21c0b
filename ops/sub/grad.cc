// da = dc, db = -dc, summed over broadcast axes
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/neg/op.h"
#include "ops/sub/op.h"

namespace weft::ops::sub {

void Gradient(GradientContext& ctx) {
  if (ctx.wants(0)) ctx.set(0, SumTo(ctx.grad(0), ctx.input(0).shape()));
  if (ctx.wants(1)) ctx.set(1, Neg(SumTo(ctx.grad(0), ctx.input(1).shape())));
}

}  // namespace weft::ops::sub
