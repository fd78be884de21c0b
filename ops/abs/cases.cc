#include "ops/common/cases.h"

#include <cmath>

#include "ops/abs/op.h"

namespace weft::ops::abs {

OpCases Cases() {
  const auto a = Attributes(AbsOp{});
  std::vector<Case> cases = SignedUnaryCases(AbsOp{});
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {4, -0.5, -0.0, -INFINITY, NAN})},
                      .gradient = false,
                      .expected = {Doubles({5}, {4, 0.5, 0, INFINITY, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesBool(a, "X")}};
}

}  // namespace weft::ops::abs
