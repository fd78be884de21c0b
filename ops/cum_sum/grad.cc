// dx is the running sum of dy from the other end.
#include "ir/gradient.h"
#include "ops/cum_sum/op.h"

namespace weft::ops::cum_sum {

void Gradient(GradientContext& ctx) {
  CumSumOp attrs = ctx.attrs<CumSumOp>();
  attrs.reverse = !attrs.reverse;
  ctx.set(0, CumSum(ctx.grad(0), attrs.axis, attrs));
}

}  // namespace weft::ops::cum_sum
