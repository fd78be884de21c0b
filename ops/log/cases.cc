#include "ops/common/cases.h"

#include <cmath>

#include "ops/log/op.h"

namespace weft::ops::log {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(LogOp{});
  auto fill = [](Shape shape) { return In::Uniform(std::move(shape), 0.5, 4); };
  std::vector<Case> cases = UnaryCases(LogOp{}, fill);
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({6}, {1, 2, 0, -1, INFINITY, NAN})},
              .gradient = false,
              .expected = {Doubles({6}, {0, 0.6931471805599453, -INFINITY, NAN, INFINITY, NAN})}},
             {.name = "small",
              .attributes = a,
              .inputs = {Given({3}, {1e-30, 1e-40, 1e30})},
              .gradient = false,
              .expected = {Doubles({3}, {-69.07755278982137, -92.10340371976183, 69.07755278982137})}},
         });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::log
