#include <cmath>

#include "ops/common/reduce_cases.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops::reduce_mean {

OpCases Cases() {
  using In = CaseInput;
  std::vector<Case> cases =
      ReduceCases<ReduceMeanOp>([](Shape shape) { return In::Normal(std::move(shape)); });
  const auto first = Attributes(ReduceMeanOp{.axes = {0}, .keepdims = false});
  Append(&cases, {
                     {.name = "values",
                      .attributes = Attributes(ReduceMeanOp{.axes = {1}}),
                      .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, -6})},
                      .expected = {Doubles({2, 1}, {2, 1})}},
                     {.name = "of_nothing",
                      .attributes = first,
                      .inputs = {In::Normal({0, 2})},
                      .gradient = false,
                      .expected = {Doubles({2}, {NAN, NAN})}},
                     {.name = "longs_cut",
                      .attributes = first,
                      .inputs = {In::Given(Longs({4, 2}, {1, 1, 2, 2, 4, 5, -10, 3}))},
                      .expected = {Longs({2}, {0, 2})}},
                     {.name = "ints_do_not_wrap",
                      .attributes = first,
                      .inputs = {In::Given(Ints({2}, {INT32_MAX, INT32_MAX}))},
                      .expected = {Ints({}, {INT32_MAX})}},
                     {.name = "longs_of_nothing",
                      .attributes = first,
                      .inputs = {In::Integers({0, 1}, 0, 1)},
                      .expected = {Longs({1}, {0})}},
                 });
  return {.cases = std::move(cases), .bad = BadReduceCases<ReduceMeanOp>()};
}

}  // namespace weft::ops::reduce_mean
