// d data: each slice of dy added to the slice it was taken from. The numbers of the batch item join the
// tuples.
#include "ir/gradient.h"
#include "ops/common/coordinates.h"
#include "ops/common/zeros.h"
#include "ops/concat/op.h"
#include "ops/gather_nd/op.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops::gather_nd {

void Gradient(GradientContext& ctx) {
  if (!ctx.wants(0)) return;
  Builder& b = ctx.builder();
  const Var data = ctx.input(0);
  Var indices = ctx.input(1);
  const auto batch_dims = static_cast<int>(ctx.attrs<GatherNDOp>().batch_dims);
  if (batch_dims > 0) {
    const Dims tuples(indices.shape().begin(), indices.shape().end() - 1);
    std::vector<Var> parts;
    for (int d = 0; d < batch_dims; ++d) parts.push_back(Coordinates(b, tuples, d));
    parts.push_back(indices);
    indices = Concat(parts, -1);
  }
  ctx.set(0, ScatterND(Zeros(b, data.dtype(), data.shape()), indices, ctx.grad(0), "add"));
}

}  // namespace weft::ops::gather_nd
