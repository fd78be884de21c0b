#include "ops/common/cases.h"

#include <cmath>

#include "ops/swish/op.h"

namespace weft::ops::swish {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SwishOp{});
  std::vector<Case> cases =
      UnaryCases(SwishOp{}, [](Shape shape) { return In::Normal(std::move(shape), 0, 2); });
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({6}, {0, 1, -1, 100, INFINITY, -INFINITY})},
              .gradient = false,
              .expected = {Doubles({6}, {0, 0.7310585786300049, -0.2689414213699951, 100, INFINITY, NAN})}},
             {.name = "far_below",
              .attributes = a,
              .inputs = {Given({2}, {-20, -200})},
              .gradient = false,
              .expected = {Doubles({2}, {-4.122307236380407e-08, 0})}},
             {.name = "alpha",
              .attributes = Attributes(SwishOp{.alpha = 1.702F}),
              .inputs = {In::Normal({3, 19})}},
             {.name = "alpha_values",
              .attributes = Attributes(SwishOp{.alpha = -2}),
              .inputs = {Given({2}, {1, -1})},
              .expected = {Doubles({2}, {0.11920292202211755, -0.8807970779778823})}},
         });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "X")}};
}

}  // namespace weft::ops::swish
