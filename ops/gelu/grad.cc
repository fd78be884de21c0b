// dx = weft.GeluGrad(dy, x): one pass instead of the dozen of the graph.
#include "ir/gradient.h"
#include "ops/gelu/op.h"
#include "ops/gelu_grad/op.h"

namespace weft::ops::gelu {

void Gradient(GradientContext& ctx) {
  ctx.set(0, GeluGrad(ctx.grad(0), ctx.input(0), ctx.attrs<GeluOp>().approximate));
}

}  // namespace weft::ops::gelu
