// da = dc * b, db = dc * a, summed over broadcast axes
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/mul/op.h"
#include "ops/operators.h"

namespace weft::ops::mul {

void Gradient(GradientContext& ctx) {
  for (int i : {0, 1}) {
    if (ctx.wants(i)) ctx.set(i, SumTo(ctx.grad(0) * ctx.input(1 - i), ctx.input(i).shape()));
  }
}

}  // namespace weft::ops::mul
