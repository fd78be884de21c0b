// d data = d reduced, repeated over the reduced axes
#include "ir/gradient.h"
#include "ops/common/reduce_def.h"
#include "ops/expand/op.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::reduce_sum {

void Gradient(GradientContext& ctx) {
  const auto& a = ctx.attrs<ReduceSumOp>();
  const Dims& shape = ctx.input(0).shape();
  const auto reduced = ReducedAxes(a.axes, a.noop_with_empty_axes, static_cast<int>(shape.size()));
  ctx.set(0, Expand(WithReducedAxes(ctx.grad(0), shape, reduced), shape));
}

}  // namespace weft::ops::reduce_sum
