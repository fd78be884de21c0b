// d dy: the rows of d dw at the indices.
#include "ir/gradient.h"
#include "ops/embedding_grad/op.h"
#include "ops/gather/op.h"

namespace weft::ops::embedding_grad {

void Gradient(GradientContext& ctx) {
  if (ctx.wants(1)) ctx.set(1, Gather(ctx.grad(0), ctx.input(0), ctx.attrs<EmbeddingGradOp>().axis));
}

}  // namespace weft::ops::embedding_grad
