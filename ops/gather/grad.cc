// d data: each slice of dy added to the slice it was taken from.
#include "ir/gradient.h"
#include "ops/common/axis.h"
#include "ops/embedding_grad/op.h"
#include "ops/gather/op.h"

namespace weft::ops::gather {

void Gradient(GradientContext& ctx) {
  if (!ctx.wants(0)) return;
  const Var data = ctx.input(0);
  const int axis = ResolvedAxis(ctx.attrs<GatherOp>().axis, data.rank());
  ctx.set(0, EmbeddingGrad(ctx.input(1), ctx.grad(0), data.dim(axis), axis));
}

}  // namespace weft::ops::gather
