// d data = d expanded in data's shape
#include "ir/gradient.h"
#include "ops/reshape/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops::unsqueeze {

void Gradient(GradientContext& ctx) { ctx.set(0, ReshapeTo(ctx.grad(0), ctx.input(0).shape())); }

}  // namespace weft::ops::unsqueeze
