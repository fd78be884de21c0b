// The updates of parameters become one: AdamW of each -> MultiTensorAdamW of all that share everything but
// their tensors and their weight decay. 39 calls are one, whose threads share out all elements evenly.
//
// No gradient stays for longer than before: those that are joined have one `scale`, which is computed from
// all of their gradients (by GlobalNorm).
#pragma once
#include "compiler/passes/fuse.h"

namespace weft {

// Returns what was joined, and what nearly was.
StatusOr<std::vector<FusionNote>> JoinUpdates(Graph& graph, const Fusions& fusions = {});

}  // namespace weft
