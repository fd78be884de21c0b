#include "ops/common/cases.h"

#include <cmath>

#include "ops/div/op.h"

namespace weft::ops::div {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(DivOp{});
  std::vector<Case> cases =
      BroadcastCases(DivOp{}, [](Shape shape) { return In::Uniform(std::move(shape), 0.5, 2); });
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({2, 2}, {1, -2, 0.5, 0}), Given({2}, {4, -8})},
                      .gradient = false,
                      .expected = {Doubles({2, 2}, {0.25, 0.25, 0.125, -0.0})}},
                     {.name = "i64",
                      .attributes = a,
                      .inputs = {In::Given(Longs({5}, {-7, 7, 7, 6, INT64_MIN})),
                                 In::Given(Longs({5}, {2, 2, -2, 3, -1}))},
                      .expected = {Longs({5}, {-3, 3, -3, 2, INT64_MIN})}},
                     {.name = "u8",
                      .attributes = a,
                      .inputs = {In::Given(TensorOf<uint8_t>({2}, {250, 3})),
                                 In::Given(TensorOf<uint8_t>({2}, {10, 4}))},
                      .expected = {TensorOf<uint8_t>({2}, {25, 0})}},
                     {.name = "i8",
                      .attributes = a,
                      .inputs = {In::Given(TensorOf<int8_t>({2}, {-128, -7})),
                                 In::Given(TensorOf<int8_t>({2}, {-1, 2}))},
                      .expected = {TensorOf<int8_t>({2}, {-128, -3})}},
                     {.name = "i32",
                      .attributes = a,
                      .inputs = {In::Integers({3, 1}, 1, 50, DataType::kI32),
                                 In::Integers({1, 4}, 1, 50, DataType::kI32)}},
                     {.name = "by_zero",
                      .attributes = a,
                      .inputs = {Given({3}, {1, -1, 0}), Given({}, {0})},
                      .gradient = false,
                      .expected = {Doubles({3}, {INFINITY, -INFINITY, NAN})}},
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
              {.name = "integer_by_zero",
               .attributes = a,
               .inputs = {In::Given(Longs({2}, {4, 5})), In::Given(Longs({2}, {2, 0}))},
               .error = "5 / 0 at element 1"},
              {.name = "missing",
               .attributes = a,
               .inputs = {In::Normal({2})},
               .error = "input 1 ('B') is missing"}}};
}

}  // namespace weft::ops::div
