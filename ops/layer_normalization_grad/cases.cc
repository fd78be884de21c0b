#include "ops/common/cases.h"

#include "ops/layer_normalization_grad/op.h"

namespace weft::ops::layer_normalization_grad {
namespace {

using In = CaseInput;

// x [outer.., inner..] with statistics [outer.., 1..].
std::vector<In> Inputs(const Shape& x, const Shape& inner, const Shape& statistics) {
  return {In::Normal(x), In::Normal(inner, 1, 0.2), In::Normal(x), In::Normal(statistics, 0, 0.3),
          In::Uniform(statistics, 0.5, 2)};
}

}  // namespace

OpCases Cases() {
  const auto last = Attributes(LayerNormalizationGradOp{});
  return {
      .cases =
          {
              {.name = "rows", .attributes = last, .inputs = Inputs({3, 5, 37}, {37}, {3, 5, 1})},
              {.name = "two_axes",
               .attributes = Attributes(LayerNormalizationGradOp{1}),
               .inputs = Inputs({3, 4, 5}, {4, 5}, {3, 1, 1})},
              {.name = "one_element", .attributes = last, .inputs = Inputs({1}, {1}, {1})},
              {.name = "no_rows", .attributes = last, .inputs = Inputs({0, 8}, {8}, {0, 1})},
              {.name = "no_columns", .attributes = last, .inputs = Inputs({3, 0}, {0}, {3, 1})},
              {.name = "many_rows",
               .attributes = last,
               .inputs = Inputs({700, 65}, {65}, {700, 1}),
               .gradient = false},
              {.name = "gpt2",
               .attributes = last,
               .inputs = Inputs({8, 1024, 768}, {768}, {8, 1024, 1}),
               .gradient = false,
               .benchmark = true},
              {.name = "values",
               .attributes = last,
               // z = -1, 1; g = 3, 4: mean(g) 3.5, mean(g z) .5
               .inputs = {Given({1, 2}, {1, 3}), Given({2}, {3, 2}), Given({1, 2}, {1, 2}),
                          Given({1, 1}, {2}), Given({1, 1}, {1})},
               .expected = {Doubles({1, 2}, {0, 0}), Doubles({2}, {-1, 2}), Doubles({2}, {1, 2})}},
              {.name = "values_free_statistics",
               .attributes = last,
               // z = 1, 3; g = 1, 1: mean(g) 1, mean(g z) 2
               .inputs = {Given({1, 2}, {0.5, 1.5}), Given({2}, {1, 1}), Given({1, 2}, {1, 1}),
                          Given({1, 1}, {0}), Given({1, 1}, {2})},
               .expected = {Doubles({1, 2}, {-4, -12}), Doubles({2}, {1, 3}), Doubles({2}, {1, 1})}},
          },
      .bad = {{.name = "statistics",
               .attributes = last,
               .inputs = {In::Normal({2, 4}), In::Normal({4}), In::Normal({2, 4}), In::Normal({2, 4}),
                          In::Normal({2, 1})},
               .error = "mean has shape [2, 4], expected [2, 1] (x is [2, 4])"},
              {.name = "dy",
               .attributes = last,
               .inputs = Inputs({2, 4}, {3}, {2, 1}),
               .error = "scale has shape [3], expected [4] (x is [2, 4])"}},
  };
}

}  // namespace weft::ops::layer_normalization_grad
