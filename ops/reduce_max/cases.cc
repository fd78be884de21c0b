#include <cmath>

#include "ops/common/reduce_cases.h"
#include "ops/reduce_max/op.h"

namespace weft::ops::reduce_max {

OpCases Cases() {
  using In = CaseInput;
  std::vector<Case> cases =
      ReduceCases<ReduceMaxOp>([](Shape shape) { return In::Distinct(std::move(shape)); });
  const auto last = Attributes(ReduceMaxOp{.axes = {-1}, .keepdims = false});
  const auto first = Attributes(ReduceMaxOp{.axes = {0}, .keepdims = false});
  Append(&cases, {
                     {.name = "values",
                      .attributes = last,
                      .inputs = {Given({3, 3}, {1, NAN, 3, 4, 5, -6, -INFINITY, -7, -INFINITY})},
                      .gradient = false,
                      .expected = {Doubles({3}, {NAN, 5, -7})}},
                     {.name = "nan_last_of_column",
                      .attributes = first,
                      .inputs = {Given({3, 2}, {1, NAN, 3, 4, NAN, -6})},
                      .gradient = false,
                      .expected = {Doubles({2}, {NAN, NAN})}},
                     {.name = "of_nothing",
                      .attributes = first,
                      .inputs = {In::Normal({0, 2})},
                      .gradient = false,
                      .expected = {Doubles({2}, {-INFINITY, -INFINITY})}},
                     {.name = "longs", .attributes = last, .inputs = {In::Integers({4, 7}, -9, 9)}},
                     {.name = "ints_of_nothing",
                      .attributes = first,
                      .inputs = {In::Integers({0, 1}, 0, 1, DataType::kI32)},
                      .expected = {Ints({1}, {INT32_MIN})}},
                     {.name = "bools",
                      .attributes = last,
                      .inputs = {In::Given(Elements(DataType::kBool, {2, 2}, {0, 1, 0, 0}))},
                      .expected = {Elements(DataType::kBool, {2}, {1, 0})}},
                     {.name = "bools_of_nothing",
                      .attributes = first,
                      .inputs = {In::Integers({0, 1}, 0, 2, DataType::kBool)},
                      .expected = {Elements(DataType::kBool, {1}, {0})}},
                 });
  return {.cases = std::move(cases), .bad = BadReduceCases<ReduceMaxOp>()};
}

}  // namespace weft::ops::reduce_max
