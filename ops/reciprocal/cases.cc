#include "ops/common/cases.h"

#include <cmath>

#include "ops/reciprocal/op.h"

namespace weft::ops::reciprocal {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(ReciprocalOp{});
  auto fill = [](Shape shape) { return In::Uniform(std::move(shape), 0.5, 4); };
  std::vector<Case> cases = UnaryCases(ReciprocalOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {4, -0.5, 0, -0.0, INFINITY})},
                      .gradient = false,
                      .expected = {Doubles({5}, {0.25, -2, INFINITY, -INFINITY, 0})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "X")}};
}

}  // namespace weft::ops::reciprocal
