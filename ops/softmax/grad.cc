// dx = y (dy - sum(y dy))
#include "ir/gradient.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/softmax/op.h"

namespace weft::ops::softmax {

void Gradient(GradientContext& ctx) {
  const Var y = ctx.output(0), dy = ctx.grad(0);
  ctx.set(0, y * (dy - ReduceSum(y * dy, {ctx.attrs<SoftmaxOp>().axis})));
}

}  // namespace weft::ops::softmax
