// dx = dy
#include "ir/gradient.h"

namespace weft::ops::identity {

void Gradient(GradientContext& ctx) { ctx.set(0, ctx.grad(0)); }

}  // namespace weft::ops::identity
