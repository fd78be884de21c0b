// Products of one operand with several parameters become one: q, k and v; gate and up.
//
//   q = Product(x, w_q), k = Product(x, w_k)   ->   q, k = Split(Product(x, w_q:512+w_k:128), axis -1)
//
// The parameters become one state, joined along their rows (ir/joined_name.h): nothing is copied when
// the program runs, and parameters, moments and gradients keep their names wherever they are saved. Runs
// before differentiation, so that the gradients of all of them are one product too.
#pragma once
#include "compiler/passes/fuse.h"

namespace weft {

// The graph's states have no next value yet. Returns what was joined, and what nearly was.
StatusOr<std::vector<FusionNote>> JoinSiblings(Graph& graph, const Fusions& fusions = {});

}  // namespace weft
