#include <cmath>

#include "ops/common/comparison_cases.h"
#include "ops/less/op.h"

namespace weft::ops::less {

OpCases Cases() {
  const auto a = Attributes(LessOp{});
  std::vector<Case> cases = ComparisonCases<LessOp>();
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {1, 2, NAN, 0, -INFINITY}), Given({5}, {1, 3, 1, -0.0, INFINITY})},
              .expected = {Elements(DataType::kBool, {5}, {0, 1, 0, 0, 1})}},
             {.name = "u64",
              .attributes = a,
              .inputs = {OneAndLargest(), LargestAndOne()},
              .expected = {Elements(DataType::kBool, {2}, {1, 0})}},
         });
  return {.cases = std::move(cases), .bad = BadComparisonCases<LessOp>()};
}

}  // namespace weft::ops::less
