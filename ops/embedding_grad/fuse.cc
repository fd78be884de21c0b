#include "ir/rule.h"
#include "ops/add/op.h"
#include "ops/embedding_grad/op.h"

namespace weft::ops::embedding_grad {

// A gradient that the embedding has from elsewhere (as the head of the model, or of the micro batches before)
// gets the rows that were looked up added where it lies: no tensor for those alone, most of which are zero.
void Rules(RuleSet& rules) {
  Rule& r = rules.Add("embedding_grad_accumulate");
  const Pattern indices = r.Any("indices"), dy = r.Any("dy"), added = r.Any("added");
  const Pattern grad = Op<EmbeddingGradOp>(indices, dy).Named("grad");
  r.Matches(Op<AddOp>(added, grad))
      .When(
          [](const Graph& graph, const Match& m) {
            return graph.value(m.value("added")).type == graph.value(m.value("grad")).type;
          },
          "what is added has another shape")
      .Becomes<EmbeddingGradOp>({indices, dy, added}, [](const Graph& graph, const Match& m) {
        return m.node(graph, "grad").attributes;
      });
}

}  // namespace weft::ops::embedding_grad
