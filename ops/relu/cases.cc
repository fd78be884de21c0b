#include "ops/common/cases.h"

#include <cmath>

#include "ops/relu/op.h"

namespace weft::ops::relu {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(ReluOp{});
  auto fill = [](Shape shape) { return In::Normal(std::move(shape)); };
  std::vector<Case> cases = UnaryCases(ReluOp{}, fill);
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {4, -0.5, 0, -INFINITY, NAN})},
              .gradient = false,
              .expected = {Doubles({5}, {4, 0, 0, 0, NAN})}},
             {.name = "longs", .attributes = a, .inputs = {In::Integers({9}, -5, 5)}},
             {.name = "ints", .attributes = a, .inputs = {In::Integers({3, 3}, -5, 5, DataType::kI32)}},
         });
  return {.cases = std::move(cases),
          .bad = {{.name = "type",
                   .attributes = a,
                   .inputs = {In::Integers({2}, 0, 2, DataType::kBool)},
                   .error = "X is bool"}}};
}

}  // namespace weft::ops::relu
