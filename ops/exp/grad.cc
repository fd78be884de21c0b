// dx = dy * y
#include "ir/gradient.h"
#include "ops/exp/op.h"
#include "ops/operators.h"

namespace weft::ops::exp {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0) * ctx.output(0)); }

}  // namespace weft::ops::exp
