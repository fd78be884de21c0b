// y = alpha op(a) op(b) + bias + accumulator, dy [batch.., M, N]:
//   d op(a) = alpha dy op(b)^T     d op(b) = alpha op(a)^T dy     d bias = sum of dy over all but N     d
//   accumulator = dy
// Each is again a Product: what is transposed is said, never done. A weight (b of rank 2 under a batched a)
// gets its gradient as one product over all rows.
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"

namespace weft::ops::product {
namespace {

// x [batch.., R, C] as [batch * R, C].
Var Rows(Var x) {
  const Dims& s = x.shape();
  if (s.size() == 2) return x;
  return Reshape(x, {Product(Dims(s.begin(), s.end() - 1)), s.back()});
}

}  // namespace

void Gradient(GradientContext& ctx) {
  const ProductOp& attrs = ctx.attrs<ProductOp>();
  const Var a = ctx.input(0), b = ctx.input(1), dy = ctx.grad(0);
  const float alpha = attrs.alpha;
  if (ctx.wants(0)) {
    // a untransposed: dy op(b)^T; a transposed: op(b) dy^T.
    const Var da = attrs.trans_a ? Product(b, dy, {.trans_a = attrs.trans_b, .trans_b = true, .alpha = alpha})
                                 : Product(dy, b, {.trans_b = !attrs.trans_b, .alpha = alpha});
    ctx.set(0, SumTo(da, a.shape()));
  }
  if (ctx.wants(1)) {
    const bool weight = b.rank() == 2 && a.rank() > 2 && !attrs.trans_a;
    const Var x = weight ? Rows(a) : a, g = weight ? Rows(dy) : dy;
    const Var db = attrs.trans_b ? Product(g, x, {.trans_a = true, .trans_b = attrs.trans_a, .alpha = alpha})
                                 : Product(x, g, {.trans_a = !attrs.trans_a, .alpha = alpha});
    ctx.set(1, SumTo(db, b.shape()));
  }
  if (ctx.wants(2)) ctx.set(2, SumTo(dy, ctx.input(2).shape()));
  if (ctx.wants(3)) ctx.set(3, dy);
}

}  // namespace weft::ops::product
