// d data = d reduced / count, repeated over the reduced axes
#include "ir/gradient.h"
#include "ops/common/reduce_def.h"
#include "ops/expand/op.h"
#include "ops/operators.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops::reduce_mean {

void Gradient(GradientContext& ctx) {
  const auto& a = ctx.attrs<ReduceMeanOp>();
  const Dims shape = ctx.input(0).shape();
  const auto reduced = ReducedAxes(a.axes, a.noop_with_empty_axes, static_cast<int>(shape.size()));
  Dim count(1);
  for (size_t i = 0; i < shape.size(); ++i) {
    if (reduced[i]) count = count * shape[i];
  }
  if (!count.is_constant()) {
    return ctx.builder().SetError(
        InvalidArgument("the gradient of a mean over {} elements needs a number: bind "
                        "the symbols before differentiating",
                        count.ToString()));
  }
  if (count.value() == 0) return;  // nothing to flow to
  const Var dy = ctx.grad(0) * (1.0 / static_cast<double>(count.value()));
  ctx.set(0, Expand(WithReducedAxes(dy, shape, reduced), shape));
}

}  // namespace weft::ops::reduce_mean
