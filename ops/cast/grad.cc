// d input = d output in input's type; between a float and an integer or bool nothing flows
#include "ir/gradient.h"
#include "ops/cast/op.h"

namespace weft::ops::cast {

void Gradient(GradientContext& ctx) {
  const Var input = ctx.input(0);
  if (IsFloat(input.dtype()) && IsFloat(ctx.attrs<CastOp>().to)) ctx.set(0, Cast(ctx.grad(0), input.dtype()));
}

}  // namespace weft::ops::cast
