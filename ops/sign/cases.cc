#include "ops/common/cases.h"

#include <cmath>

#include "ops/sign/op.h"

namespace weft::ops::sign {

OpCases Cases() {
  const auto a = Attributes(SignOp{});
  std::vector<Case> cases = SignedUnaryCases(SignOp{});
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {4, -0.5, -0.0, -INFINITY, NAN})},
                      .gradient = false,
                      .expected = {Doubles({5}, {1, -1, 0, -1, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesBool(a, "input")}};
}

}  // namespace weft::ops::sign
