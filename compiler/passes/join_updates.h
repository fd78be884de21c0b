// The updates of parameters become one: AdamW of each -> MultiTensorAdamW of all that share everything but
// their tensors and their weight decay, whose threads share out all elements evenly. A Cast of a new
// parameter to bf16 (mixed_precision.h writes them) becomes a result of the same node.
//
//   p', m', v' = AdamW(p, dp, ...)   q', n', w' = AdamW(q, dq, ...)   c = Cast(p')
//   ->   p', m', v', q', n', w', c = MultiTensorAdamW(..., p, dp, m, v, q, dq, n, w)
//
// No gradient stays for longer than before: those that are joined have one `scale`, which is computed from
// all of their gradients (by GlobalNorm).
#pragma once
#include "compiler/passes/fuse.h"

namespace weft {

// Behind mixed_precision. Returns what was joined, and what nearly was.
StatusOr<std::vector<FusionNote>> JoinUpdates(Graph& graph, const Fusions& fusions = {});

}  // namespace weft
