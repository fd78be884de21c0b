// The one form that later passes and rules look for.
#pragma once
#include "compiler/pass.h"

namespace weft {

// RemoveIdentities, MakeProducts, FoldConstants (where there is an evaluator), MergeCommonSubexpressions and
// RemoveDeadCode, in turn until none of them changes anything.
Status Canonicalize(Graph& graph, const Evaluator& evaluate, int64_t max_folded_elements);

}  // namespace weft
