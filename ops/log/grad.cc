// dx = dy / x
#include "ir/gradient.h"
#include "ops/log/op.h"
#include "ops/operators.h"

namespace weft::ops::log {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0) / ctx.input(0)); }

}  // namespace weft::ops::log
