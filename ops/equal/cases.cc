#include <cmath>

#include "ops/common/comparison_cases.h"
#include "ops/equal/op.h"

namespace weft::ops::equal {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(EqualOp{});
  std::vector<Case> cases = ComparisonCases<EqualOp>();
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {1, 2, NAN, 0, INFINITY}), Given({5}, {1, 3, NAN, -0.0, INFINITY})},
              .expected = {Elements(DataType::kBool, {5}, {1, 0, 0, 1, 1})}},
             {.name = "bools",
              .attributes = a,
              .inputs = {In::Integers({9}, 0, 2, DataType::kBool), In::Integers({}, 0, 2, DataType::kBool)}},
         });
  return {.cases = std::move(cases), .bad = BadComparisonCases<EqualOp>()};
}

}  // namespace weft::ops::equal
