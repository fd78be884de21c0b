#include "ops/common/cases.h"

#include <cmath>

#include "ops/cos/op.h"

namespace weft::ops::cos {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(CosOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(CosOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {0, 1, -2, 3.141592653589793, INFINITY})},
                      .gradient = false,
                      .expected = {Doubles({5}, {1, 0.5403023058681398, -0.4161468365471424, -1, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::cos
