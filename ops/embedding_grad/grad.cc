// d dy: the rows of d dw at the indices; d accumulator = d dw.
#include "ir/gradient.h"
#include "ops/embedding_grad/op.h"
#include "ops/gather/op.h"

namespace weft::ops::embedding_grad {

void Gradient(GradientContext& ctx) {
  if (ctx.wants(1)) ctx.set(1, Gather(ctx.grad(0), ctx.input(0), ctx.attrs<EmbeddingGradOp>().axis));
  if (ctx.wants(2)) ctx.set(2, ctx.grad(0));
}

}  // namespace weft::ops::embedding_grad
