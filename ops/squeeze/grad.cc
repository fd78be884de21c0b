// d data = d squeezed in data's shape
#include "ir/gradient.h"
#include "ops/reshape/op.h"
#include "ops/squeeze/op.h"

namespace weft::ops::squeeze {

void Gradient(GradientContext& ctx) { ctx.set(0, ReshapeTo(ctx.grad(0), ctx.input(0).shape())); }

}  // namespace weft::ops::squeeze
