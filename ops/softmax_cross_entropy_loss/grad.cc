// dscores = (softmax(scores) (1 + 2 z_loss lse) - one_hot(label)) w[label] dloss / (mean: the sum of
// weights). A gradient of log_prob adds dlog_prob - softmax * (sum of dlog_prob over classes), one of lse
// adds softmax * dlse.
#include "ir/gradient.h"
#include "ops/exp/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/softmax_cross_entropy_loss/op.h"
#include "ops/softmax_cross_entropy_loss_grad/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops::softmax_cross_entropy_loss {

void Gradient(GradientContext& ctx) {
  const auto& attrs = ctx.attrs<SoftmaxCrossEntropyLossOp>();
  if (ctx.wants(2)) {
    ctx.builder().SetError(Unimplemented("the gradient with respect to class weights is not there"));
    return;
  }
  if (ctx.grad(2).valid()) {
    ctx.builder().SetError(Unimplemented("a gradient that flows into lse is not there"));
    return;
  }
  if (!ctx.wants(0)) return;
  Var dscores;
  if (ctx.grad(0).valid()) {
    dscores = SoftmaxCrossEntropyLossGrad(ctx.input(0), ctx.input(1), ctx.input(2), ctx.saved(2), ctx.grad(0),
                                          {attrs.reduction, attrs.ignore_index, attrs.z_loss});
  }
  if (const Var d = ctx.grad(1); d.valid()) {
    const Var more = d - Exp(ctx.output(1)) * ReduceSum(d, {1});
    dscores = dscores.valid() ? dscores + more : more;
  }
  if (const Var d = ctx.grad(2); d.valid()) {
    const Var more = Exp(ctx.input(0) - Unsqueeze(ctx.output(2), {1})) * Unsqueeze(d, {1});
    dscores = dscores.valid() ? dscores + more : more;
  }
  ctx.set(0, dscores);
}

}  // namespace weft::ops::softmax_cross_entropy_loss
