#include "ops/common/attention_body.h"

#include <utility>

#include "ops/attention/op.h"
#include "ops/attention_grad/op.h"
#include "ops/common/attention_rotary.h"
#include "ops/common/attention_scores.h"
#include "ops/concat/op.h"
#include "ops/equal/op.h"
#include "ops/exp/op.h"
#include "ops/identity/op.h"
#include "ops/log/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/squeeze/op.h"
#include "ops/unsqueeze/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

Var Operand(std::span<const Var> in, size_t i) { return i < in.size() ? in[i] : Var{}; }

// Of either operator; false, with an error, where the default scale is not a number.
template <class Attributes>
bool HasScale(Builder& b, const NodeTypes& node, const Attributes& attrs, const AttentionSizes& s) {
  if (attrs.scale != 0 || s.head_dim.is_constant()) return true;
  b.SetError(node.Error("the default scale needs a number of elements for each head, which is {}",
                        s.head_dim.ToString()));
  return false;
}

template <class Attributes>
AttentionScores ScoresOf(Builder& b, const Attributes& attrs, const AttentionSizes& s,
                         std::span<const Var> in, Var lengths) {
  return {.b = b,
          .sizes = s,
          .dtype = in[0].dtype(),
          .rank3 = in[0].rank() == 3,
          .is_causal = attrs.is_causal,
          .scale = ResolvedScale(attrs.scale, s.head_dim),
          .softcap = static_cast<double>(attrs.softcap),
          .mask = Operand(in, 3),
          .lengths = lengths};
}

// An output may not be an input itself.
Var Present(Var x, Var input) { return x.id == input.id ? Identity(x) : x; }

void RotaryAttentionBody(const NodeTypes& node, const AttentionSizes& s, const RotaryVars& rotary,
                         std::span<const Var> in, std::span<Var> out) {
  AttentionOp attrs = node.attrs<AttentionOp>();
  const bool interleaved = std::exchange(attrs.rotary_interleaved, false);
  std::vector<Var> turned(in.begin(), in.begin() + 7);
  turned[0] = Rotated(in[0], s.q_heads, s.head_dim, rotary, interleaved);
  turned[1] = Rotated(in[1], s.kv_heads, s.head_dim, rotary, interleaved);
  uint32_t optional = 0;
  for (size_t i = 1; i < 5; ++i) optional |= node.has_output(i) ? uint32_t{1} << i : 0;
  const std::vector<Var> y =
      in[0].builder->EmitAll(AttentionOp::def, std::make_shared<AttentionOp>(attrs), turned, optional);
  for (size_t i = 0; i < out.size(); ++i) out[i] = y[i];
}

void RotaryAttentionGradBody(const NodeTypes& node, const AttentionSizes& s, const RotaryVars& rotary,
                             std::span<const Var> in, std::span<Var> out) {
  AttentionGradOp attrs = node.attrs<AttentionGradOp>();
  const bool interleaved = std::exchange(attrs.rotary_interleaved, false);
  const Var q = Rotated(in[0], s.q_heads, s.head_dim, rotary, interleaved);
  const Var k = Rotated(in[1], s.kv_heads, s.head_dim, rotary, interleaved);
  const AttentionGradVars g = AttentionGrad(q, k, in[2], in[3], in[4], in[5], in[6], in[7], attrs);
  out[0] = RotatedBack(g.dq, s.q_heads, s.head_dim, rotary, interleaved);
  if (out.size() > 1) out[1] = RotatedBack(g.dk, s.kv_heads, s.head_dim, rotary, interleaved);
  if (out.size() > 2) out[2] = g.dv;
}

}  // namespace

void AttentionBody(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<AttentionOp>();
  AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  if (const RotaryVars rotary = RotaryInputs(in, 7); rotary.valid())
    return RotaryAttentionBody(node, s, rotary, in, out);
  if (!HasScale(b, node, attrs, s)) return;
  const Var past_k = Operand(in, 4), past_v = Operand(in, 5);
  if (past_k.valid()) s.past = past_k.dim(2);
  s.total = s.past + s.keys;
  AttentionScores a = ScoresOf(b, attrs, s, in, Operand(in, 6));
  const Var q = a.Heads(in[0], s.q_heads, s.head_dim);
  Var k = a.Heads(in[1], s.kv_heads, s.head_dim), v = a.Heads(in[2], s.kv_heads, s.v_head_dim);
  if (past_k.valid()) k = Concat(std::vector<Var>{past_k, k}, 2), v = Concat(std::vector<Var>{past_v, v}, 2);
  if (node.has_output(1)) out[1] = Present(k, in[1]);
  if (node.has_output(2)) out[2] = Present(v, in[2]);
  Var stages[4];  // of qk_matmul_output_mode
  stages[0] = Product(q, a.Repeat(k), {.trans_b = true}) * a.scale;
  stages[1] = a.Capped(stages[0]);
  stages[2] = a.Biased(stages[1]);
  // A query that no key is open to has -infinity throughout: its maximum is taken as 0, its sum as 1.
  const Var top = ReduceMax(stages[2], {3});
  const Var none = Equal(top, a.MinusInfinity());
  const Var shift = Where(none, a.Number(0), top);
  const Var exps = Exp(stages[2] - shift);
  const Var sum = ReduceSum(exps, {3});
  stages[3] = exps / Where(none, a.Number(1), sum);
  if (node.has_output(3)) out[3] = stages[attrs.qk_matmul_output_mode];
  if (node.has_output(4)) out[4] = Squeeze(Log(sum) + shift, {3});
  out[0] = a.Joined(Product(stages[3], a.Repeat(v)));
}

void AttentionGradBody(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<AttentionGradOp>();
  const AttentionSizes s = *ResolveAttention(node, attrs.q_num_heads, attrs.kv_num_heads);
  if (const RotaryVars rotary = RotaryInputs(in, 8); rotary.valid())
    return RotaryAttentionGradBody(node, s, rotary, in, out);
  if (!HasScale(b, node, attrs, s)) return;
  AttentionScores a = ScoresOf(b, attrs, s, in, in[4]);
  const Var q = a.Heads(in[0], s.q_heads, s.head_dim);
  const Var k = a.Repeat(a.Heads(in[1], s.kv_heads, s.head_dim));
  const Var v = a.Repeat(a.Heads(in[2], s.kv_heads, s.v_head_dim));
  const Var y = a.Heads(in[5], s.q_heads, s.v_head_dim), dy = a.Heads(in[7], s.q_heads, s.v_head_dim);
  const Var lse = Unsqueeze(in[6], {3});
  const Var capped = a.Capped(Product(q, k, {.trans_b = true}) * a.scale);
  // A query that no key is open to has lse -infinity, and probabilities 0.
  const Var shift = Where(Equal(lse, a.MinusInfinity()), a.Number(0), lse);
  const Var p = Exp(a.Biased(capped) - shift);
  const Var delta = ReduceSum(dy * y, {3});
  Var ds = p * (Product(dy, v, {.trans_b = true}) - delta) * a.scale;
  if (a.softcap > 0) {
    const Var tanh = capped / a.softcap;
    ds = ds * (1.0 - tanh * tanh);
  }
  out[0] = a.Joined(Product(ds, k));
  if (out.size() > 1) out[1] = a.Joined(a.SumOfGroups(Product(ds, q, {.trans_a = true})));
  if (out.size() > 2) out[2] = a.Joined(a.SumOfGroups(Product(p, dy, {.trans_a = true})));
}

}  // namespace weft::ops
