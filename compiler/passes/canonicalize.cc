#include "compiler/passes/canonicalize.h"

#include "compiler/passes/common_subexpressions.h"
#include "compiler/passes/dead_code.h"
#include "compiler/passes/fold_constants.h"
#include "compiler/passes/identities.h"
#include "compiler/passes/products.h"

namespace weft {

Status Canonicalize(Graph& graph, const Evaluator& evaluate, int64_t max_folded_elements) {
  constexpr int kMaxRounds = 100;  // each makes the graph simpler: more is a rule that undoes another
  for (int round = 0; round < kMaxRounds; ++round) {
    int changes = RemoveDeadCode(graph);
    changes += RemoveIdentities(graph);
    changes += MakeProducts(graph);
    changes += FoldConstants(graph, evaluate, max_folded_elements);
    changes += MergeCommonSubexpressions(graph);
    if (changes == 0) return OkStatus();
  }
  return Internal("canonicalize does not come to an end");
}

}  // namespace weft
