#include "ops/add/op.h"
#include "ops/common/arithmetic_cases.h"

namespace weft::ops::add {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(AddOp{});
  std::vector<Case> cases = ArithmeticCases<AddOp>([](Shape shape) { return In::Normal(std::move(shape)); });
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({2, 2}, {1, -2, 0.5, 1e30}), Given({2}, {10, 20})},
              .gradient = false,
              .expected = {Doubles({2, 2}, {11, 18, 10.5, 1e30})}},
             {.name = "i64",
              .attributes = a,
              .inputs = {In::Given(Longs({3}, {7, -2, 9223372036854775807})), In::Given(Longs({}, {1}))},
              .expected = {Longs({3}, {8, -1, INT64_MIN})}},
             {.name = "u8",
              .attributes = a,
              .inputs = {In::Given(TensorOf<uint8_t>({2}, {250, 3})),
                         In::Given(TensorOf<uint8_t>({2}, {10, 4}))},
              .expected = {TensorOf<uint8_t>({2}, {4, 7})}},
         });
  return {.cases = std::move(cases), .bad = BadArithmeticCases<AddOp>()};
}

}  // namespace weft::ops::add
