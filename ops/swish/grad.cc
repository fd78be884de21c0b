// dx = weft.SwishGrad(dy, x): as one operator it reads two tensors and writes one, as a graph it would be six
// passes over the widest activation of a transformer.
#include "ir/gradient.h"
#include "ops/swish/op.h"
#include "ops/swish_grad/op.h"

namespace weft::ops::swish {

void Gradient(GradientContext& ctx) {
  ctx.set(0, SwishGrad(ctx.grad(0), ctx.input(0), ctx.attrs<SwishOp>().alpha));
}

}  // namespace weft::ops::swish
