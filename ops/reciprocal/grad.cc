// dx = -dy * y^2
#include "ir/gradient.h"
#include "ops/operators.h"
#include "ops/reciprocal/op.h"

namespace weft::ops::reciprocal {

void Gradient(GradientContext& ctx) { ctx.set(0, -ctx.grad(0) * ctx.output(0) * ctx.output(0)); }

}  // namespace weft::ops::reciprocal
