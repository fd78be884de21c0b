#include "ir/gradient.h"
#include "ops/attention/op.h"
#include "ops/attention_grad/op.h"

namespace weft::ops::attention {

void Gradient(GradientContext& ctx) {
  const auto& attrs = ctx.attrs<AttentionOp>();
  for (int i : {4, 5}) {
    if (!ctx.input(i).valid()) continue;
    ctx.builder().SetError(Unimplemented("attention with a past has no gradient: train without a cache"));
    return;
  }
  if (ctx.wants(3)) {
    ctx.builder().SetError(Unimplemented("the gradient with respect to attn_mask is not there"));
    return;
  }
  if (ctx.wants(7) || ctx.wants(8)) {
    ctx.builder().SetError(Unimplemented("the gradient with respect to the rotary tables is not there"));
    return;
  }
  for (int i : {1, 2, 3, 4}) {
    if (!ctx.grad(i).valid()) continue;
    ctx.builder().SetError(Unimplemented("a gradient that flows into output {} is not there", i));
    return;
  }
  if (!ctx.grad(0).valid()) return;
  const AttentionGradVars g = AttentionGrad(ctx.input(0), ctx.input(1), ctx.input(2), ctx.input(3),
                                            ctx.input(6), ctx.output(0), ctx.saved(4), ctx.grad(0),
                                            {attrs.is_causal, attrs.scale, attrs.softcap, attrs.q_num_heads,
                                             attrs.kv_num_heads, attrs.rotary_interleaved},
                                            {ctx.input(7), ctx.input(8), ctx.input(9)});
  if (ctx.wants(0)) ctx.set(0, g.dq);
  if (ctx.wants(1)) ctx.set(1, g.dk);
  if (ctx.wants(2)) ctx.set(2, g.dv);
}

}  // namespace weft::ops::attention
