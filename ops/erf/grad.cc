// dx = dy * 2 / sqrt(pi) * exp(-x^2)
#include "ir/gradient.h"
#include "ops/erf/op.h"
#include "ops/exp/op.h"
#include "ops/operators.h"

namespace weft::ops::erf {

void Gradient(GradientContext& ctx) {
  constexpr double kTwoOverSqrtPi = 1.1283791670955126;
  const Var x = ctx.input(0);
  ctx.set(0, ctx.grad(0) * (Exp(-(x * x)) * kTwoOverSqrtPi));
}

}  // namespace weft::ops::erf
