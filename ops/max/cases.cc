#include <cmath>

#include "ops/common/extremum_cases.h"
#include "ops/max/op.h"

namespace weft::ops::max {

OpCases Cases() {
  const auto a = Attributes(MaxOp{});
  std::vector<Case> cases = ExtremumCases<MaxOp>();
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {1, -0.0, NAN, 2, INFINITY}), Given({5}, {3, -2, 1, NAN, 5})},
                      .gradient = false,
                      .expected = {Doubles({5}, {3, -0.0, NAN, NAN, INFINITY})}},
                     {.name = "three",
                      .attributes = a,
                      .inputs = {Given({3}, {9, 2, 3}), Given({3}, {1, 5, 4}), Given({3}, {6, 4, 7})},
                      .expected = {Doubles({3}, {9, 5, 7})}},
                 });
  return {.cases = std::move(cases), .bad = BadExtremumCases<MaxOp>()};
}

}  // namespace weft::ops::max
