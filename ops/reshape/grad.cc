// d data = d reshaped in data's shape
#include "ir/gradient.h"
#include "ops/reshape/op.h"

namespace weft::ops::reshape {

void Gradient(GradientContext& ctx) {
  ReshapeOp back{.shape = ctx.input(0).shape(), .allowzero = true};
  ctx.set(0, ctx.builder().Emit(std::move(back), {ctx.grad(0)}));
}

}  // namespace weft::ops::reshape
