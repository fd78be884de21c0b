#include "ops/common/cases.h"

#include <cmath>

#include "ops/sigmoid/op.h"

namespace weft::ops::sigmoid {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SigmoidOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(SigmoidOp{}, fill);
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({7}, {0, 1, -1, 100, -INFINITY, INFINITY, NAN})},
              .gradient = false,
              .expected = {Doubles({7}, {0.5, 0.7310585786300049, 0.2689414213699951, 1, 0, 1, NAN})}},
         });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "X")}};
}

}  // namespace weft::ops::sigmoid
