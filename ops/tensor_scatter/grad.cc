// d past_cache = dy with zeros where the update was written; d update = dy there.
#include "ir/gradient.h"
#include "ops/common/axis.h"
#include "ops/common/coordinates.h"
#include "ops/common/zeros.h"
#include "ops/concat/op.h"
#include "ops/expand/op.h"
#include "ops/gather_nd/op.h"
#include "ops/operators.h"
#include "ops/reshape/op.h"
#include "ops/tensor_scatter/op.h"

namespace weft::ops::tensor_scatter {
namespace {

// Tuples [update's dimensions up to axis.., axis + 1]: where in the cache each entry of the update lies.
Var Places(Builder& b, Dims update, int axis, const Dim& n, Var write_indices) {
  const Dims leading(update.begin(), update.begin() + axis + 1);
  std::vector<Var> parts;
  for (int d = 0; d <= axis; ++d) parts.push_back(Coordinates(b, leading, d));
  if (write_indices.valid()) {
    Dims column(leading.size() + 1, 1);
    column[0] = leading[0];
    const Var place = parts.back() + Reshape(write_indices, std::move(column));
    const Var whole = b.Constant(Tensor::Scalar(n.value()));
    parts.back() = place - place / whole * whole;  // modulo n: for mode circular
  }
  return Concat(parts, -1);
}

}  // namespace

void Gradient(GradientContext& ctx) {
  Builder& b = ctx.builder();
  const TensorScatterOp a = ctx.attrs<TensorScatterOp>();
  const Var update = ctx.input(1), dy = ctx.grad(0);
  const int axis = ResolvedAxis(a.axis, dy.rank());
  const Dim n = dy.dim(axis);
  if (ctx.wants(0)) {
    ctx.set(0, TensorScatter(dy, Zeros(b, dy.dtype(), update.shape()), ctx.input(2), a.axis, a.mode));
  }
  if (!ctx.wants(1)) return;
  if (!n.is_constant())
    return b.SetError(Unimplemented("TensorScatter: its gradient needs bound dimensions"));
  ctx.set(1, n.value() == 0 ? Zeros(b, dy.dtype(), update.shape())
                            : GatherND(dy, Places(b, update.shape(), axis, n, ctx.input(2))));
}

}  // namespace weft::ops::tensor_scatter
