#include "ops/common/arithmetic_cases.h"
#include "ops/sub/op.h"

namespace weft::ops::sub {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SubOp{});
  std::vector<Case> cases = ArithmeticCases<SubOp>([](Shape shape) { return In::Normal(std::move(shape)); });
  Append(
      &cases,
      {
          {.name = "values",
           .attributes = a,
           .inputs = {Given({2, 2}, {1, -2, 0.5, 0}), Given({2}, {10, 20})},
           .gradient = false,
           .expected = {Doubles({2, 2}, {-9, -22, -9.5, -20})}},
          {.name = "i64",
           .attributes = a,
           .inputs = {In::Given(Longs({3}, {7, -2, INT64_MIN})), In::Given(Longs({}, {1}))},
           .expected = {Longs({3}, {6, -3, 9223372036854775807})}},
          {.name = "u8",
           .attributes = a,
           .inputs = {In::Given(TensorOf<uint8_t>({2}, {2, 3})), In::Given(TensorOf<uint8_t>({2}, {10, 4}))},
           .expected = {TensorOf<uint8_t>({2}, {248, 255})}},
      });
  return {.cases = std::move(cases), .bad = BadArithmeticCases<SubOp>()};
}

}  // namespace weft::ops::sub
