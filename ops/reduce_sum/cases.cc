#include "ops/common/reduce_cases.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops::reduce_sum {

OpCases Cases() {
  using In = CaseInput;
  std::vector<Case> cases =
      ReduceCases<ReduceSumOp>([](Shape shape) { return In::Normal(std::move(shape)); });
  Append(&cases, {
                     {.name = "values",
                      .attributes = Attributes(ReduceSumOp{.axes = {1}}),
                      .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, -6})},
                      .expected = {Doubles({2, 1}, {6, 3})}},
                     {.name = "of_nothing",
                      .attributes = Attributes(ReduceSumOp{.axes = {0}, .keepdims = false}),
                      .inputs = {In::Normal({0, 2})},
                      .expected = {Doubles({2}, {0, 0})}},
                     {.name = "i32_wraps",
                      .attributes = Attributes(ReduceSumOp{.keepdims = false}),
                      .inputs = {In::Given(Ints({2}, {INT32_MAX, 1}))},
                      .expected = {Ints({}, {INT32_MIN})}},
                     {.name = "i64",
                      .attributes = Attributes(ReduceSumOp{.axes = {0}}),
                      .inputs = {In::Integers({5, 3}, -9, 9)}},
                     {.name = "many_ones",
                      .attributes = Attributes(ReduceSumOp{.axes = {0}, .keepdims = false}),
                      .inputs = {In::Uniform({100001, 1}, 1, 1)},
                      .gradient = false,
                      .expected = {Doubles({1}, {100001})}},
                 });
  return {.cases = std::move(cases), .bad = BadReduceCases<ReduceSumOp>()};
}

}  // namespace weft::ops::reduce_sum
