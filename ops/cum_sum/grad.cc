// dx = dy summed from the other end.
#include "ir/gradient.h"
#include "ops/cum_sum/op.h"

namespace weft::ops::cum_sum {

void Gradient(GradientContext& ctx) {
  const CumSumOp a = ctx.attrs<CumSumOp>();
  ctx.set(0, CumSum(ctx.grad(0), a.axis, a.exclusive, !a.reverse));
}

}  // namespace weft::ops::cum_sum
