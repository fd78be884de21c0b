// dx = dy - exp(y) sum(dy)
#include "ir/gradient.h"
#include "ops/exp/op.h"
#include "ops/log_softmax/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::log_softmax {

void Gradient(GradientContext& ctx) {
  const Var y = ctx.output(0), dy = ctx.grad(0);
  ctx.set(0, dy - Exp(y) * ReduceSum(dy, {ctx.attrs<LogSoftmaxOp>().axis}));
}

}  // namespace weft::ops::log_softmax
