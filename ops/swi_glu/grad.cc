// dgate, dup = weft.SwiGLUGrad(dy, gate, up)
#include "ir/gradient.h"
#include "ops/swi_glu/op.h"
#include "ops/swi_glu_grad/op.h"

namespace weft::ops::swi_glu {

void Gradient(GradientContext& ctx) {
  const auto [gate, up] = SwiGluGrad(ctx.grad(0), ctx.input(0), ctx.input(1), ctx.attrs<SwiGluOp>().alpha);
  if (ctx.wants(0)) ctx.set(0, gate);
  if (ctx.wants(1)) ctx.set(1, up);
}

}  // namespace weft::ops::swi_glu
