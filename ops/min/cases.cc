#include "ops/common/cases.h"

#include <cmath>

#include "ops/min/op.h"

namespace weft::ops::min {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(MinOp{});
  std::vector<Case> cases = BroadcastCases(MinOp{}, [](Shape shape) { return In::Normal(std::move(shape)); });
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({5}, {1, -0.0, NAN, 2, INFINITY}), Given({5}, {3, -2, 1, NAN, 5})},
                      .gradient = false,
                      .expected = {Doubles({5}, {1, -2, NAN, NAN, 5})}},
                     {.name = "three",
                      .attributes = a,
                      .inputs = {Given({3}, {9, 2, 3}), Given({3}, {1, 5, 4}), Given({3}, {6, 4, 7})},
                      .expected = {Doubles({3}, {1, 2, 3})}},
                     {.name = "four_broadcast",
                      .attributes = a,
                      .inputs = {In::Normal({4, 1, 1}), In::Normal({3, 1}), In::Normal({5}), In::Normal({})}},
                     {.name = "one", .attributes = a, .inputs = {In::Normal({3, 4})}},
                     {.name = "longs",
                      .attributes = a,
                      .inputs = {In::Integers({3, 5}, -5, 5), In::Integers({5}, -5, 5)}},
                     {.name = "ints",
                      .attributes = a,
                      .inputs = {In::Integers({3, 5}, -5, 5, DataType::kI32),
                                 In::Integers({3, 1}, -5, 5, DataType::kI32)}},
                     {.name = "rows_2048x1344",
                      .attributes = a,
                      .inputs = {In::Normal({2048, 1344}), In::Normal({2048, 1344})},
                      .gradient = false,
                      .benchmark = true},
                 });
  return {
      .cases = std::move(cases),
      .bad = {{.name = "types",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Normal({2}), In::Integers({2}, 0, 2)},
               .error = "input 0 is f32, input 2 is i64, expected equal types"},
              {.name = "shapes",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Normal({3, 1}), In::Normal({4})},
               .error = "inputs 0 to 1 together [3, 2] and input 2 [4] do not broadcast (2 against 4)"},
              {.name = "nothing", .attributes = a, .inputs = {}, .error = "input 0 ('data_0') is missing"},
              {.name = "bool",
               .attributes = a,
               .inputs = {In::Integers({2}, 0, 2, DataType::kBool)},
               .error = "data_0 is bool"}}};
}

}  // namespace weft::ops::min
