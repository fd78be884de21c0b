// dx and dweight of a loss whose gradient is 1 were made with the loss: both times dloss.
#include "ir/gradient.h"
#include "ops/linear_cross_entropy_loss/op.h"
#include "ops/operators.h"

namespace weft::ops::linear_cross_entropy_loss {
namespace {

// The seed of a program that is trained on the loss itself: what was made is the gradient, and gets its name.
bool IsOne(GradientContext& ctx, Var x) {
  const Value& value = ctx.builder().graph().value(x.id);
  return value.constant && value.constant->num_elements() == 1 && ElementAsDouble(*value.constant, 0) == 1;
}

}  // namespace

void Gradient(GradientContext& ctx) {
  if (ctx.grad(1).valid() || ctx.grad(2).valid()) {
    ctx.builder().SetError(Unimplemented("a gradient that flows into dx or dweight is not there"));
    return;
  }
  const Var dloss = ctx.grad(0);
  const bool one = IsOne(ctx, dloss);
  for (int i = 0; i < 2; ++i) {
    if (!ctx.wants(i)) continue;
    const Var made = ctx.saved(i + 1);
    ctx.set(i, one ? made : made * dloss);
  }
}

}  // namespace weft::ops::linear_cross_entropy_loss
