// With r = inv_rms and g = dy * scale:  dx = r (g - x r^2 mean(g x)),  dscale = sum over rows of dy x r.
#include "ir/gradient.h"
#include "ops/common/axis.h"
#include "ops/common/sum_to.h"
#include "ops/expand/op.h"
#include "ops/operators.h"
#include "ops/rms_normalization/op.h"
#include "ops/rms_normalization_grad/op.h"

namespace weft::ops::rms_normalization {

void Gradient(GradientContext& ctx) {
  if (ctx.grad(1).valid()) {
    ctx.builder().SetError(Unimplemented("a gradient that flows into inv_rms is not there"));
    return;
  }
  const auto& attrs = ctx.attrs<RmsNormalizationOp>();
  const Var x = ctx.input(0), scale = ctx.input(1), dy = ctx.grad(0), inv_rms = ctx.saved(1);
  const int axis = ResolvedAxis(attrs.axis, x.rank());
  const Dims inner(x.shape().begin() + axis, x.shape().end());
  if (scale.shape() == inner) {
    const RmsNormalizationGradVars g = RmsNormalizationGrad(x, scale, dy, inv_rms, axis);
    if (ctx.wants(0)) ctx.set(0, g.dx);
    if (ctx.wants(1)) ctx.set(1, g.dscale);
    return;
  }
  if (ctx.wants(0)) {
    const Var ones = Expand(ctx.builder().Scalar(1, x.dtype()), inner);
    ctx.set(0, RmsNormalizationGrad(x, ones, dy * scale, inv_rms, axis).dx);
  }
  if (ctx.wants(1)) ctx.set(1, SumTo(dy * x * inv_rms, scale.shape()));
}

}  // namespace weft::ops::rms_normalization
