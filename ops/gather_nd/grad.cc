// d data: each slice of dy added to the slice it was taken from.
#include "ir/gradient.h"
#include "ops/expand/op.h"
#include "ops/gather_nd/op.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops::gather_nd {

void Gradient(GradientContext& ctx) {
  if (!ctx.wants(0)) return;
  if (ctx.attrs<GatherNDOp>().batch_dims != 0) {
    ctx.builder().SetError(Unimplemented("GatherND with batch_dims has no gradient yet"));
    return;
  }
  const Var data = ctx.input(0);
  const Var zeros = Expand(ctx.builder().Scalar(0, data.dtype()), data.shape());
  ctx.set(0, ScatterND(zeros, ctx.input(1), ctx.grad(0), "add"));
}

}  // namespace weft::ops::gather_nd
