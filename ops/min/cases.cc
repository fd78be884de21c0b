#include <cmath>

#include "ops/common/extremum_cases.h"
#include "ops/min/op.h"

namespace weft::ops::min {

OpCases Cases() {
  const auto a = Attributes(MinOp{});
  std::vector<Case> cases = ExtremumCases<MinOp>();
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {1, -0.0, NAN, 2, INFINITY}), Given({5}, {3, -2, 1, NAN, 5})},
                      .gradient = false,
                      .expected = {Doubles({5}, {1, -2, NAN, NAN, 5})}},
                     {.name = "three",
                      .attributes = a,
                      .inputs = {Given({3}, {9, 2, 3}), Given({3}, {1, 5, 4}), Given({3}, {6, 4, 7})},
                      .expected = {Doubles({3}, {1, 2, 3})}},
                 });
  return {.cases = std::move(cases), .bad = BadExtremumCases<MinOp>()};
}

}  // namespace weft::ops::min
