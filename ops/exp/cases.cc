#include "ops/common/cases.h"

#include <cmath>

#include "ops/exp/op.h"

namespace weft::ops::exp {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(ExpOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(ExpOp{}, fill);
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {0, 1, -1, -INFINITY, NAN})},
              .gradient = false,
              .expected = {Doubles({5}, {1, 2.718281828459045, 0.36787944117144233, 0, NAN})}},
             {.name = "overflow",
              .attributes = a,
              .inputs = {Given({2}, {INFINITY, -1000})},
              .gradient = false,
              .expected = {Doubles({2}, {INFINITY, 0})}},
             {.name = "wide", .attributes = a, .inputs = {In::Uniform({513}, -87, 0)}, .gradient = false},
         });
  return {.cases = std::move(cases), .bad = {RefusesIntegers(a, "input")}};
}

}  // namespace weft::ops::exp
