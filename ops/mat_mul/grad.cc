// da = dy b^T, db = a^T dy, summed over broadcast batches; vectors are seen as matrices of one row or column.
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/mat_mul/op.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"

namespace weft::ops::mat_mul {

void Gradient(GradientContext& ctx) {
  const Var a = ctx.input(0), b = ctx.input(1);
  Var dy = ctx.grad(0);
  const bool row = a.rank() == 1, column = b.rank() == 1;
  Dims shape = dy.shape();
  if (column) shape.push_back(1);
  if (row) shape.insert(shape.end() - 1, Dim(1));
  if (row || column) dy = Reshape(dy, shape);
  const Var a2 = row ? Reshape(a, {1, a.dim(0)}) : a;
  const Var b2 = column ? Reshape(b, {b.dim(0), 1}) : b;
  if (ctx.wants(0)) {
    const Var da = SumTo(Product(dy, b2, {.trans_b = true}), a2.shape());
    ctx.set(0, row ? Reshape(da, a.shape()) : da);
  }
  if (ctx.wants(1)) {
    const Var db = SumTo(Product(a2, dy, {.trans_a = true}), b2.shape());
    ctx.set(1, column ? Reshape(db, b.shape()) : db);
  }
}

}  // namespace weft::ops::mat_mul
