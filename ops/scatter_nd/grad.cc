// add:  d data = dy, d updates = dy at the indices.
// none: d data = dy with zeros at the indices, d updates = dy at the indices. Where tuples are equal, ONNX
// leaves
//       open which update wins, and all of them get the gradient of the one that did.
#include "ir/gradient.h"
#include "ops/expand/op.h"
#include "ops/gather_nd/op.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops::scatter_nd {

void Gradient(GradientContext& ctx) {
  const std::string reduction = ctx.attrs<ScatterNDOp>().reduction;
  const Var indices = ctx.input(1), updates = ctx.input(2), dy = ctx.grad(0);
  if (reduction != "none" && reduction != "add") {
    return ctx.builder().SetError(Unimplemented("{}: there is no gradient for reduction '{}'",
                                                ctx.builder().graph().Describe(ctx.node_id()), reduction));
  }
  if (ctx.wants(0)) {
    const Var zeros =
        reduction == "add" ? Var{} : Expand(ctx.builder().Scalar(0, dy.dtype()), updates.shape());
    ctx.set(0, reduction == "add" ? dy : ScatterND(dy, indices, zeros));
  }
  if (ctx.wants(2)) ctx.set(2, GatherND(dy, indices));
}

}  // namespace weft::ops::scatter_nd
