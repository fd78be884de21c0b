// da = dc, db = dc, summed over broadcast axes
#include "ir/gradient.h"
#include "ops/add/op.h"
#include "ops/common/sum_to.h"

namespace weft::ops::add {

void Gradient(GradientContext& ctx) {
  for (int i : {0, 1}) {
    if (ctx.wants(i)) ctx.set(i, SumTo(ctx.grad(0), ctx.input(i).shape()));
  }
}

}  // namespace weft::ops::add
