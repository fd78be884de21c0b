// dX: the gradient of each value where the value was taken from, zero elsewhere.
#include "ir/gradient.h"
#include "ops/common/axis.h"
#include "ops/common/coordinates.h"
#include "ops/common/zeros.h"
#include "ops/concat/op.h"
#include "ops/scatter_nd/op.h"
#include "ops/top_k/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops::top_k {

void Gradient(GradientContext& ctx) {
  if (!ctx.wants(0) || !ctx.grad(0).valid()) return;
  Builder& b = ctx.builder();
  const Var x = ctx.input(0), indices = ctx.output(1);
  const int axis = ResolvedAxis(ctx.attrs<TopKOp>().axis, x.rank());
  std::vector<Var> parts;
  for (int d = 0; d < x.rank(); ++d)
    parts.push_back(d == axis ? Unsqueeze(indices, {-1}) : Coordinates(b, indices.shape(), d));
  ctx.set(0, ScatterND(Zeros(b, x.dtype(), x.shape()), Concat(parts, -1), ctx.grad(0), "add"));
}

}  // namespace weft::ops::top_k
