// CachedAttention: causal attention over a paged cache of keys and values, which it first brings up to date.
//   q            f32 f64 [batch, seq, q_heads * head_dim]
//   k, v         the same type [batch, seq, kv_heads * head_dim / v_head_dim]: of the new tokens
//   key_cache    [pages, page, kv_heads * head_dim]      value_cache  [pages, page, kv_heads * v_head_dim]
//   table        i64 [batch, max_pages]: the pages of a sequence, in order
//   start        i64 [batch]: how many tokens the sequence has in the cache already
//   cos_cache, sin_cache, position_ids   optional: q and the new k are turned by them first
//                (ops/common/attention_rotary.h); the cache holds keys that have been
//   y            [batch, seq, q_heads * v_head_dim]
//   key_cache', value_cache'   the caches with the new rows; they take the old ones' bytes
// New token i of sequence b has position p = start[b] + i and lies in row p % page of page table[b, p /
// page]. y[b, i] = Attention(q[b, i], keys and values at positions 0 .. p); query head h reads key/value head
// h / (q_heads / kv_heads); scale 0 stands for 1 / sqrt(head_dim).
// What is written twice has no order: sequences do not share the pages they write to. Errors at run time: a
// page or a position that the cache or the table does not have.
#pragma once
#include "ir/builder.h"
#include "ops/common/attention_rotary.h"

namespace weft::ops {

struct CachedAttentionOp {
  static const OpDef def;
  float scale = 0;
  float softcap = 0;
  int64_t q_num_heads = 0;
  int64_t kv_num_heads = 0;
  bool rotary_interleaved = false;
};

struct CachedAttentionInputs {
  Var q, k, v, key_cache, value_cache, table, start;
  RotaryVars rotary = {};
};
struct CachedAttentionVars {
  Var y, key_cache, value_cache;
};
CachedAttentionVars CachedAttention(const CachedAttentionInputs& in, CachedAttentionOp attributes);

}  // namespace weft::ops
