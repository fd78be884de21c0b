// dA = alpha dY op(B)^T, dB = alpha op(A)^T dY (transposed back where A or B was), dC = beta dY summed to C.
#include "ir/gradient.h"
#include "ops/common/sum_to.h"
#include "ops/gemm/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"

namespace weft::ops::gemm {

void Gradient(GradientContext& ctx) {
  const auto& attrs = ctx.attrs<GemmOp>();
  const Var a = ctx.input(0), b = ctx.input(1), c = ctx.input(2), dy = ctx.grad(0);
  const bool ta = attrs.transA, tb = attrs.transB;
  const float alpha = attrs.alpha;
  if (ctx.wants(0)) {
    ctx.set(0, ta ? Product(b, dy, {.trans_a = tb, .trans_b = true, .alpha = alpha})
                  : Product(dy, b, {.trans_b = !tb, .alpha = alpha}));
  }
  if (ctx.wants(1)) {
    ctx.set(1, tb ? Product(dy, a, {.trans_a = true, .trans_b = ta, .alpha = alpha})
                  : Product(a, dy, {.trans_a = !ta, .alpha = alpha}));
  }
  if (ctx.wants(2)) {
    const Var dc = SumTo(dy, c.shape());
    ctx.set(2, attrs.beta == 1.0f ? dc : dc * static_cast<double>(attrs.beta));
  }
}

}  // namespace weft::ops::gemm
