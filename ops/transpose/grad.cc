// d data = d transposed with the inverse permutation
#include "ir/gradient.h"
#include "ops/transpose/op.h"

namespace weft::ops::transpose {

void Gradient(GradientContext& ctx) {
  const std::vector<int64_t> perm = ResolvedPerm(ctx.attrs<TransposeOp>(), ctx.input(0).rank());
  std::vector<int64_t> inverse(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) inverse[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
  ctx.set(0, Transpose(ctx.grad(0), std::move(inverse)));
}

}  // namespace weft::ops::transpose
