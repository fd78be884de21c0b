#include "frontends/layers/attention.h"

#include "ops/attention/op.h"
#include "ops/reshape/op.h"

namespace weft {

SelfAttention::SelfAttention(const AttentionConfig& c)
    : config_(c),
      q_proj_(Register<Linear>("q_proj", c.d_model, c.num_heads * c.head_dim, c.bias)),
      k_proj_(Register<Linear>("k_proj", c.d_model, c.num_kv_heads * c.head_dim, c.bias)),
      v_proj_(Register<Linear>("v_proj", c.d_model, c.num_kv_heads * c.head_dim, c.bias)),
      o_proj_(Register<Linear>("o_proj", c.num_heads * c.head_dim, c.d_model, c.bias)) {
  if (!c.qk_norm) return;
  q_norm_ = &Register<RmsNorm>("q_norm", c.head_dim, c.norm_epsilon);
  k_norm_ = &Register<RmsNorm>("k_norm", c.head_dim, c.norm_epsilon);
}

// x [batch, seq, heads * head_dim], each head normalised over head_dim.
Var SelfAttention::NormalizeHeads(Var x, const RmsNorm* norm, int64_t heads) const {
  if (norm == nullptr || !x.valid()) return x;
  const Dims flat = x.shape();
  const Var split = ops::Reshape(x, {flat[0], flat[1], heads, config_.head_dim});
  return ops::Reshape(norm->Forward(split), flat);
}

Var SelfAttention::Forward(Var x, Var positions, const RotaryTables* rotary) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  Var q = NormalizeHeads(q_proj_.Forward(x), q_norm_, config_.num_heads);
  Var k = NormalizeHeads(k_proj_.Forward(x), k_norm_, config_.num_kv_heads);
  const Var v = v_proj_.Forward(x);
  if (rotary != nullptr) {
    q = rotary->Forward(q, positions, config_.num_heads);
    k = rotary->Forward(k, positions, config_.num_kv_heads);
  }
  const Var y = ops::Attention(
      q, k, v, {.is_causal = true, .q_num_heads = config_.num_heads, .kv_num_heads = config_.num_kv_heads});
  return o_proj_.Forward(y);
}

}  // namespace weft
