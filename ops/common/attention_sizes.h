// The sizes of an attention, whatever the layout of its operands.
#pragma once
#include "ir/op_def.h"

namespace weft::ops {

struct AttentionSizes {
  Dim batch, q_heads, kv_heads, seq, keys, past, total;  // total = past + keys
  Dim head_dim, v_head_dim;
};

// From the types of q, k, v (inputs 0, 1, 2); 3-D ones need the head counts. Checks ranks, dtypes and that
// they agree.
StatusOr<AttentionSizes> ResolveAttention(const NodeTypes& node, int64_t q_num_heads, int64_t kv_num_heads);

// Checks attn_mask (input `mask`) and nonpad_kv_seqlen (input `lengths`), where they are there.
Status CheckAttentionMask(const NodeTypes& node, const AttentionSizes& s, size_t mask, size_t lengths);

// A float that is 0 where the default 1 / sqrt(head_dim) is meant.
double ResolvedScale(float scale, const Dim& head_dim);

}  // namespace weft::ops
