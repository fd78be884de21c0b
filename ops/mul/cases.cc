#include "ops/common/arithmetic_cases.h"
#include "ops/mul/op.h"

namespace weft::ops::mul {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(MulOp{});
  std::vector<Case> cases = ArithmeticCases<MulOp>([](Shape shape) { return In::Normal(std::move(shape)); });
  Append(
      &cases,
      {
          {.name = "values",
           .attributes = a,
           .inputs = {Given({2, 2}, {1, -2, 0.5, 0}), Given({2}, {10, -20})},
           .gradient = false,
           .expected = {Doubles({2, 2}, {10, 40, 5, -0.0})}},
          {.name = "i64",
           .attributes = a,
           .inputs = {In::Given(Longs({3}, {7, -2, 9223372036854775807})), In::Given(Longs({}, {2}))},
           .expected = {Longs({3}, {14, -4, -2})}},
          {.name = "u8",
           .attributes = a,
           .inputs = {In::Given(TensorOf<uint8_t>({2}, {200, 3})), In::Given(TensorOf<uint8_t>({2}, {2, 4}))},
           .expected = {TensorOf<uint8_t>({2}, {144, 12})}},
          {.name = "u16",
           .attributes = a,
           .inputs = {In::Given(TensorOf<uint16_t>({1}, {65535})),
                      In::Given(TensorOf<uint16_t>({1}, {65535}))},
           .expected = {TensorOf<uint16_t>({1}, {1})}},
      });
  return {.cases = std::move(cases), .bad = BadArithmeticCases<MulOp>()};
}

}  // namespace weft::ops::mul
