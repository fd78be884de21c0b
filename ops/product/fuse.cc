#include "ir/rule.h"
#include "ops/add/op.h"
#include "ops/product/op.h"

namespace weft::ops::product {

// What is added to a product is summed into it: no tensor for the product alone, and where nothing else reads
// what was added, its place is taken.
void Rules(RuleSet& rules) {
  Rule& r = rules.Add("product_accumulate");
  const Pattern a = r.Any("a"), b = r.Any("b"), bias = r.Optional("bias"), added = r.Any("added");
  const Pattern product = Op<ProductOp>(a, b, bias).Named("product");
  r.Matches(Op<AddOp>(added, product))
      .When(
          [](const Graph& graph, const Match& m) {
            return graph.value(m.value("added")).type == graph.value(m.value("product")).type;
          },
          "what is added has another shape")
      .Becomes<ProductOp>({a, b, bias, added}, [](const Graph& graph, const Match& m) {
        return m.node(graph, "product").attributes;
      });
}

}  // namespace weft::ops::product
