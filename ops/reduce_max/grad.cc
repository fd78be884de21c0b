// d reduced flows to the largest elements, in equal parts where there are several
#include "ir/gradient.h"
#include "ops/cast/op.h"
#include "ops/common/reduce_def.h"
#include "ops/equal/op.h"
#include "ops/operators.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::reduce_max {

void Gradient(GradientContext& ctx) {
  const auto& a = ctx.attrs<ReduceMaxOp>();
  const Var x = ctx.input(0);
  const auto reduced = ReducedAxes(a.axes, a.noop_with_empty_axes, x.rank());
  const Var y = WithReducedAxes(ctx.output(0), x.shape(), reduced);
  const Var dy = WithReducedAxes(ctx.grad(0), x.shape(), reduced);
  const Var is_largest = Cast(Equal(x, y), x.dtype());
  const ReduceSumOp count{.axes = a.axes, .keepdims = true, .noop_with_empty_axes = a.noop_with_empty_axes};
  ctx.set(0, is_largest * (dy / ctx.builder().Emit(count, {is_largest})));
}

}  // namespace weft::ops::reduce_max
