#include "ops/common/cases.h"

#include <cmath>

#include "ops/sqrt/op.h"

namespace weft::ops::sqrt {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SqrtOp{});
  auto fill = [](Shape shape) { return In::Uniform(std::move(shape), 0.5, 4); };
  std::vector<Case> cases = UnaryCases(SqrtOp{}, fill);
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {4, 0, 2, INFINITY, -1})},
                      .gradient = false,
                      .expected = {Doubles({5}, {2, 0, 1.4142135623730951, INFINITY, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "X")}};
}

}  // namespace weft::ops::sqrt
