// d input = the gradients of the parts one after the other, zeros where nothing flows
#include "ir/gradient.h"
#include "ops/common/zeros.h"
#include "ops/concat/op.h"
#include "ops/split/op.h"

namespace weft::ops::split {

void Gradient(GradientContext& ctx) {
  std::vector<Var> parts;
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    const Var part = ctx.grad(i);
    const TensorType type = ctx.output(i).type();
    parts.push_back(part.valid() ? part : Zeros(ctx.builder(), type.dtype, type.shape));
  }
  ctx.set(0, parts.size() == 1 ? parts[0] : Concat(parts, ctx.attrs<SplitOp>().axis));
}

}  // namespace weft::ops::split
