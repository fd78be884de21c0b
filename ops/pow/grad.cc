// dx = dz * y * x^(y - 1), 0 where y = 0;  dy = dz * z * ln x, 0 where x = 0 (and y >= 0)
#include "ir/gradient.h"
#include "ops/cast/op.h"
#include "ops/common/sum_to.h"
#include "ops/equal/op.h"
#include "ops/log/op.h"
#include "ops/operators.h"
#include "ops/pow/op.h"
#include "ops/where/op.h"

namespace weft::ops::pow {

void Gradient(GradientContext& ctx) {
  const Var x = ctx.input(0), y = ctx.input(1), z = ctx.output(0), dz = ctx.grad(0);
  const Var zero = ctx.builder().Scalar(0, x.dtype());
  if (ctx.wants(0)) {
    const Var power = Cast(y, x.dtype());
    const Var slope = Where(Equal(power, zero), zero, power * Pow(x, power - 1.0));
    ctx.set(0, SumTo(dz * slope, x.shape()));
  }
  if (ctx.wants(1)) {
    const Var slope = Where(Equal(x, zero), zero, z * Log(x));
    ctx.set(1, Cast(SumTo(dz * slope, y.shape()), y.dtype()));
  }
}

}  // namespace weft::ops::pow
