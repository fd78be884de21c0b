// LayerNormalizationGrad where scale and bias have the normalised shape; otherwise dx from it with a scale of
// ones, dscale and dbias summed to their shapes. With r = InvStdDev, what flows into the statistics adds
// (dMean - dInvStdDev r^3 (x - Mean)) / n to dx.
#include "ir/gradient.h"
#include "ops/common/normalization_def.h"
#include "ops/common/sum_to.h"
#include "ops/expand/op.h"
#include "ops/layer_normalization/op.h"
#include "ops/layer_normalization_grad/op.h"
#include "ops/neg/op.h"
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

// Of dMean and dInvStdDev, to dx.
Var ThroughStatistics(GradientContext& ctx, const NormalizationShape& shape) {
  if (!IsConstant(shape.inner)) {
    ctx.builder().SetError(Unimplemented("{}: a gradient that flows into Mean or InvStdDev needs [{}] bound",
                                         ctx.builder().graph().Describe(ctx.node_id()),
                                         ToString(shape.inner)));
    return {};
  }
  const Var x = ctx.input(0);
  double n = 1;
  for (const Dim& d : shape.inner) n *= static_cast<double>(d.value());
  Var sum = ctx.grad(1).valid() ? Expand(ctx.grad(1), x.shape()) : Var{};
  if (const Var d = ctx.grad(2); d.valid()) {
    const Var r = ctx.output(2), term = Neg(d * r * r * r) * (x - ctx.saved(1));
    sum = sum.valid() ? sum + term : term;
  }
  return sum * ctx.builder().Scalar(n == 0 ? 0 : 1 / n, x.dtype());
}

void ThroughY(GradientContext& ctx, const NormalizationShape& shape) {
  const Var x = ctx.input(0), scale = ctx.input(1), bias = ctx.input(2);
  const Var mean = ctx.saved(1), inv_std_dev = ctx.saved(2);
  if (scale.shape() != shape.inner || (bias.valid() && bias.shape() != shape.inner)) {
    return General(ctx, shape, mean, inv_std_dev);
  }
  const LayerNormalizationGradVars g =
      LayerNormalizationGrad(x, scale, ctx.grad(0), mean, inv_std_dev, shape.axis);
  if (ctx.wants(0)) ctx.set(0, g.dx);
  if (ctx.wants(1)) ctx.set(1, g.dscale);
  if (ctx.wants(2)) ctx.set(2, g.dbias);
}

}  // namespace

void Gradient(GradientContext& ctx) {
  const NormalizationShape shape =
      ShapeOfNormalization(ctx.input(0).shape(), ctx.attrs<LayerNormalizationOp>().axis);
  if (ctx.grad(0).valid()) ThroughY(ctx, shape);
  if (!ctx.wants(0) || (!ctx.grad(1).valid() && !ctx.grad(2).valid())) return;
  const Var more = ThroughStatistics(ctx, shape), dx = ctx.results()[0];
  if (more.valid()) ctx.set(0, dx.valid() ? dx + more : more);
}

}  // namespace weft::ops::layer_normalization
