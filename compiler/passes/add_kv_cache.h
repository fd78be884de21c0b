// Attention over what a sequence already has: keys and values are kept between runs.
#pragma once
#include <cstdint>

#include "ir/graph.h"

namespace weft {

struct KvCacheOptions {
  int64_t pages = 1;      // of the whole cache
  int64_t page = 0;       // tokens in each; 0: the bound of the symbol seq
  int64_t max_pages = 1;  // of one sequence
};

// Turns each causal Attention (q, k, v [batch, seq, ..]) into weft.CachedAttention with two states of role
// cache,
// "<scope>.key_cache" and "<scope>.value_cache" [pages, page, kv_heads * head_dim], which begin as zeros, and
// adds the inputs table i64 [batch, max_pages] and start i64 [batch]. No state's shape holds the batch:
// programs for any batch and any number of new tokens share them. The input `positions` is filled by the
// caller: start + i. Errors: no Attention; one that is not causal, or has a mask, a past, or operands of four
// dimensions.
Status AddKvCache(Graph& graph, const KvCacheOptions& options);

}  // namespace weft
