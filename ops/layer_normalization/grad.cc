// LayerNormalizationGrad where scale and bias have the normalised shape; otherwise dx from it with a scale of
// ones, dscale and dbias summed to their shapes. A gradient that flows into Mean or InvStdDev is not there.
#include "ir/gradient.h"
#include "ops/common/normalization_def.h"
#include "ops/common/sum_to.h"
#include "ops/expand/op.h"
#include "ops/layer_normalization/op.h"
#include "ops/layer_normalization_grad/op.h"
#include "ops/operators.h"

namespace weft::ops::layer_normalization {
namespace {

void General(GradientContext& ctx, const NormalizationShape& shape, Var mean, Var inv_std_dev) {
  const Var x = ctx.input(0), scale = ctx.input(1), dy = ctx.grad(0);
  if (ctx.wants(0)) {
    const Var ones = Expand(ctx.builder().Scalar(1, x.dtype()), shape.inner);
    ctx.set(0, LayerNormalizationGrad(x, ones, dy * scale, mean, inv_std_dev, shape.axis).dx);
  }
  if (ctx.wants(1)) ctx.set(1, SumTo(dy * (x - mean) * inv_std_dev, scale.shape()));
  if (ctx.wants(2)) ctx.set(2, SumTo(dy, ctx.input(2).shape()));
}

}  // namespace

void Gradient(GradientContext& ctx) {
  const Var x = ctx.input(0), scale = ctx.input(1), bias = ctx.input(2);
  if (ctx.grad(1).valid() || ctx.grad(2).valid()) {
    ctx.builder().SetError(Unimplemented("{}: a gradient that flows into Mean or InvStdDev is not there",
                                         ctx.builder().graph().Describe(ctx.node_id())));
    return;
  }
  if (!ctx.grad(0).valid()) return;
  const Var mean = ctx.saved(1), inv_std_dev = ctx.saved(2);
  const NormalizationShape shape = ShapeOfNormalization(x.shape(), ctx.attrs<LayerNormalizationOp>().axis);
  if (scale.shape() != shape.inner || (bias.valid() && bias.shape() != shape.inner)) {
    return General(ctx, shape, mean, inv_std_dev);
  }
  const LayerNormalizationGradVars g =
      LayerNormalizationGrad(x, scale, ctx.grad(0), mean, inv_std_dev, shape.axis);
  if (ctx.wants(0)) ctx.set(0, g.dx);
  if (ctx.wants(1)) ctx.set(1, g.dscale);
  if (ctx.wants(2)) ctx.set(2, g.dbias);
}

}  // namespace weft::ops::layer_normalization
