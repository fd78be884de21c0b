#include "ops/common/cases.h"

#include <cmath>

#include "ops/sin/op.h"

namespace weft::ops::sin {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SinOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(SinOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {0, 1, -2, 1.5707963267948966, INFINITY})},
                      .gradient = false,
                      .expected = {Doubles({5}, {0, 0.8414709848078965, -0.9092974268256817, 1, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::sin
