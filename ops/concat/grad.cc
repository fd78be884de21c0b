// Each input's gradient is its part of d concat_result.
#include "ir/gradient.h"
#include "ops/common/axis.h"
#include "ops/concat/op.h"
#include "ops/split/op.h"

namespace weft::ops::concat {

void Gradient(GradientContext& ctx) {
  const Var dy = ctx.grad(0);
  const int axis = ResolvedAxis(ctx.attrs<ConcatOp>().axis, dy.rank());
  if (ctx.num_inputs() == 1) return ctx.set(0, dy);
  Dims sizes;
  for (int i = 0; i < ctx.num_inputs(); ++i) sizes.push_back(ctx.input(i).dim(axis));
  const std::vector<Var> parts = Split(dy, std::move(sizes), axis);
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    if (ctx.wants(i)) ctx.set(i, parts[static_cast<size_t>(i)]);
  }
}

}  // namespace weft::ops::concat
