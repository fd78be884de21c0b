#include "ops/common/cases.h"

#include <cmath>

#include "ops/erf/op.h"

namespace weft::ops::erf {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(ErfOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(ErfOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({7}, {0, 0.5, -1, 2, -5, INFINITY, NAN})},
                      .gradient = false,
                      .expected = {Doubles({7}, {0, 0.5204998778130465, -0.8427007929497149,
                                                 0.9953222650189527, -0.9999999999984626, 1, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::erf
