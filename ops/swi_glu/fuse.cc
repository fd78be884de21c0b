#include "ir/rule.h"
#include "ops/mul/op.h"
#include "ops/swi_glu/op.h"
#include "ops/swish/op.h"

namespace weft::ops::swi_glu {

void Rules(RuleSet& rules) {
  Rule& r = rules.Add("swiglu");
  const Pattern gate = r.Any("gate"), up = r.Any("up");
  r.Matches(Op<MulOp>(Op<SwishOp>(gate).Named("swish"), up))
      .When(
          [](const Graph& graph, const Match& m) {
            return graph.value(m.value("gate")).type == graph.value(m.value("up")).type;
          },
          "gate and up differ in shape")
      .Becomes<SwiGluOp>({gate, up}, [](const Graph& graph, const Match& m) -> std::shared_ptr<const void> {
        return std::make_shared<SwiGluOp>(SwiGluOp{.alpha = m.node(graph, "swish").attrs<SwishOp>().alpha});
      });
}

}  // namespace weft::ops::swi_glu
