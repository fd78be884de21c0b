// Attention, ONNX's since opset 23 (masking and order of 24): y = softmax(scale q k^T [softcap] + bias) v for
// each head.
//   q          f32 f64 [batch, q_heads, seq, head_dim], or [batch, seq, q_heads * head_dim] with both head
//   counts k, v       the same type [batch, kv_heads, keys, head_dim / v_head_dim], or 3-D likewise; q head h
//   reads kv head
//              h / (q_heads / kv_heads)
//   attn_mask  bool (true = keep) or the same float type (added), broadcasts to [batch, q_heads, seq, total];
//   a last
//              dimension shorter than total closes the rest; optional
//   past_key, past_value  [batch, kv_heads, past, ..], put before k and v; optional, both or none
//   nonpad_kv_seqlen  i64 [batch]: keys at and after it are closed; optional, not with a past
//   cos_cache, sin_cache, position_ids  weft's own, optional: q and k are turned by them first, as by
//   RotaryEmbedding
//              (ops/common/attention_rotary.h); the past has been turned, present_key will be
//   y          q's layout with v_head_dim            present_key, present_value  [batch, kv_heads, total, ..]
//   qk_matmul_output  [batch, q_heads, seq, total]   lse  [batch, q_heads, seq], weft's own, for backward
// Causal: key j is open to query i iff j <= i + offset; the offset is past, or nonpad - seq, or 0. A query
// that no key is open to gives 0. scale 0 stands for 1 / sqrt(head_dim). No [seq, keys] matrix is held unless
// asked for.
#pragma once
#include "ir/builder.h"
#include "ops/common/attention_rotary.h"

namespace weft::ops {

struct AttentionOp {
  static const OpDef def;
  bool is_causal = false;
  float scale = 0;
  float softcap = 0;
  int64_t softmax_precision = 0;
  int64_t q_num_heads = 0;
  int64_t kv_num_heads = 0;
  int64_t qk_matmul_output_mode = 0;
  bool rotary_interleaved = false;
};

struct AttentionInputs {
  Var mask = {}, past_key = {}, past_value = {}, nonpad_kv_seqlen = {};
  RotaryVars rotary = {};
};
// The result y alone.
Var Attention(Var q, Var k, Var v, AttentionOp attributes, AttentionInputs more = {});

}  // namespace weft::ops
