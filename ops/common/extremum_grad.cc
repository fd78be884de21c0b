#include "ops/common/extremum_grad.h"

#include "ops/common/sum_to.h"
#include "ops/equal/op.h"
#include "ops/where/op.h"

namespace weft::ops {

void ExtremumGradient(GradientContext& ctx) {
  const Var zero = ctx.builder().Scalar(0, ctx.grad(0).dtype());
  Var rest = ctx.grad(0);  // what no earlier input has taken
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    const Var taken = Equal(ctx.input(i), ctx.output(0));
    if (ctx.wants(i)) ctx.set(i, SumTo(Where(taken, rest, zero), ctx.input(i).shape()));
    if (i + 1 < ctx.num_inputs()) rest = Where(taken, zero, rest);
  }
}

}  // namespace weft::ops
