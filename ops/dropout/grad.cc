// d data = Dropout(dy) with the same mask, drawn again: the operator is linear in data.
#include "ir/gradient.h"
#include "ops/dropout/op.h"

namespace weft::ops::dropout {

void Gradient(GradientContext& ctx) {
  if (!ctx.wants(0)) return;
  const DropoutOp a = ctx.attrs<DropoutOp>();
  if (!a.active()) return ctx.set(0, ctx.grad(0));
  ctx.set(0, ctx.builder().Emit(a, {ctx.grad(0), ctx.input(1), ctx.input(2), ctx.input(3)}));
}

}  // namespace weft::ops::dropout
