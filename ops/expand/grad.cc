// d input = d output summed over the repeated axes
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/expand/op.h"

namespace weft::ops::expand {

void Gradient(GradientContext& ctx) { ctx.set(0, SumTo(ctx.grad(0), ctx.input(0).shape())); }

}  // namespace weft::ops::expand
