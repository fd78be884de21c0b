#include <cmath>

#include "ops/common/comparison_cases.h"
#include "ops/greater/op.h"

namespace weft::ops::greater {

OpCases Cases() {
  const auto a = Attributes(GreaterOp{});
  std::vector<Case> cases = ComparisonCases<GreaterOp>();
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {1, 3, NAN, 0, INFINITY}), Given({5}, {1, 2, 1, -0.0, -INFINITY})},
              .expected = {Elements(DataType::kBool, {5}, {0, 1, 0, 0, 1})}},
             {.name = "u64",
              .attributes = a,
              .inputs = {OneAndLargest(), LargestAndOne()},
              .expected = {Elements(DataType::kBool, {2}, {0, 1})}},
         });
  return {.cases = std::move(cases), .bad = BadComparisonCases<GreaterOp>()};
}

}  // namespace weft::ops::greater
