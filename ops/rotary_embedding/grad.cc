// The transpose of a rotation is the rotation back: dx = RotaryEmbedding(dy, cos, -sin). The tables are not
// trained.
#include "ir/gradient.h"
#include "ops/neg/op.h"
#include "ops/rotary_embedding/op.h"

namespace weft::ops::rotary_embedding {

void Gradient(GradientContext& ctx) {
  if (ctx.wants(1) || ctx.wants(2)) {
    ctx.builder().SetError(Unimplemented("the gradient with respect to the tables is not there"));
    return;
  }
  if (!ctx.wants(0)) return;
  ctx.set(0, RotaryEmbedding(ctx.grad(0), ctx.input(1), Neg(ctx.input(2)), ctx.input(3),
                             ctx.attrs<RotaryEmbeddingOp>()));
}

}  // namespace weft::ops::rotary_embedding
