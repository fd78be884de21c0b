#include "ops/common/cases.h"

#include <cmath>

#include "ops/tanh/op.h"

namespace weft::ops::tanh {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(TanhOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(TanhOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({6}, {0, 1, -0.5, 100, -INFINITY, NAN})},
                      .gradient = false,
                      .expected = {Doubles({6}, {0, 0.7615941559557649, -0.46211715726000973, 1, -1, NAN})}},
                     {.name = "tiny", .attributes = a, .inputs = {In::Uniform({65}, -1e-4, 1e-4)}},
                     {.name = "middle", .attributes = a, .inputs = {In::Uniform({129}, 0.3, 0.9)}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::tanh
