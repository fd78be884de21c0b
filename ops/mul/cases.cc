#include "ops/common/cases.h"

#include "ops/mul/op.h"

namespace weft::ops::mul {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(MulOp{});
  std::vector<Case> cases = BroadcastCases(MulOp{}, [](Shape shape) { return In::Normal(std::move(shape)); });
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
          {.name = "i32",
           .attributes = a,
           .inputs = {In::Integers({3, 1}, 1, 50, DataType::kI32),
                      In::Integers({1, 4}, 1, 50, DataType::kI32)}},
          {.name = "rows_2048x1344",
           .attributes = a,
           .inputs = {In::Uniform({2048, 1344}, 1, 2), In::Uniform({2048, 1344}, 1, 2)},
           .gradient = false,
           .benchmark = true},
          {.name = "bias_2048x512",
           .attributes = a,
           .inputs = {In::Uniform({2048, 512}, 1, 2), In::Uniform({512}, 1, 2)},
           .gradient = false,
           .benchmark = true},
      });
  return {
      .cases = std::move(cases),
      .bad = {{.name = "shapes",
               .attributes = a,
               .inputs = {In::Normal({2, 3}), In::Normal({4})},
               .error = "A [2, 3] and B [4] do not broadcast (3 against 4)"},
              {.name = "types",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Integers({2}, 1, 5)},
               .error = "A is f32, B is i64, expected equal types"},
              {.name = "bool",
               .attributes = a,
               .inputs = {In::Integers({2}, 0, 2, DataType::kBool), In::Integers({2}, 0, 2, DataType::kBool)},
               .error = "A is bool"},
              {.name = "missing",
               .attributes = a,
               .inputs = {In::Normal({2})},
               .error = "input 1 ('B') is missing"}}};
}

}  // namespace weft::ops::mul
