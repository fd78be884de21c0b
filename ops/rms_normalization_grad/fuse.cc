#include "ir/rule.h"
#include "ops/add/op.h"
#include "ops/rms_normalization_grad/op.h"

namespace weft::ops::rms_normalization_grad {

// The gradient that flows past the norm (of the residual connection) is added in the same pass.
void Rules(RuleSet& rules) {
  Rule& r = rules.Add("rms_normalization_grad_accumulate");
  const Pattern x = r.Any("x"), scale = r.Any("scale"), dy = r.Any("dy"), inv_rms = r.Any("inv_rms");
  const Pattern added = r.Any("added");
  const Pattern grad = Op<RmsNormalizationGradOp>(x, scale, dy, inv_rms).Named("grad");
  r.Matches(Op<AddOp>(added, grad))
      .Exports(grad.Output(1))
      .When(
          [](const Graph& graph, const Match& m) {
            return graph.value(m.value("added")).type == graph.value(m.value("x")).type;
          },
          "what is added has another shape")
      .Becomes<RmsNormalizationGradOp>(
          {x, scale, dy, inv_rms, added},
          [](const Graph& graph, const Match& m) { return m.node(graph, "grad").attributes; });
}

}  // namespace weft::ops::rms_normalization_grad
