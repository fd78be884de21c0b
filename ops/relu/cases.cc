#include "ops/common/cases.h"

#include <cmath>

#include "ops/relu/op.h"

namespace weft::ops::relu {

OpCases Cases() {
  const auto a = Attributes(ReluOp{});
  std::vector<Case> cases = SignedUnaryCases(ReluOp{});
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {4, -0.5, 0, -INFINITY, NAN})},
                      .gradient = false,
                      .expected = {Doubles({5}, {4, 0, 0, 0, NAN})}},
                 });
  return {.cases = std::move(cases), .bad = {RefusesBool(a, "X")}};
}

}  // namespace weft::ops::relu
