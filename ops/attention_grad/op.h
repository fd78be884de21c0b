// weft.AttentionGrad: the gradients of Attention without a past. With p = softmax of the scores (from lse),
// dp = dy v^T and delta = sum of dy y:  ds = p (dp - delta) [softcap' ] scale,  dq = ds k,  dk = ds^T q,  dv
// = p^T dy.
//   q, k, v, y, dy, lse, attn_mask, nonpad_kv_seqlen as in Attention   ->   dq, dk, dv of q's, k's and v's
//   types
//   cos_cache, sin_cache, position_ids, optional: q and k are turned first, dq and dk turned back at the end
// No [seq, keys] matrix is held.
#pragma once
#include "ir/builder.h"
#include "ops/common/attention_rotary.h"

namespace weft::ops {

struct AttentionGradOp {
  static const OpDef def;
  bool is_causal = false;
  float scale = 0;
  float softcap = 0;
  int64_t q_num_heads = 0;
  int64_t kv_num_heads = 0;
  bool rotary_interleaved = false;
};

struct AttentionGradVars {
  Var dq, dk, dv;
};
AttentionGradVars AttentionGrad(Var q, Var k, Var v, Var mask, Var nonpad_kv_seqlen, Var y, Var lse, Var dy,
                                AttentionGradOp attributes, const RotaryVars& rotary = {});

}  // namespace weft::ops
