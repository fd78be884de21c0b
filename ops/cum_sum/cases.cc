#include "ops/common/cases.h"

#include "ops/cum_sum/op.h"

namespace weft::ops::cum_sum {

OpCases Cases() {
  using In = CaseInput;
  auto along = [](int64_t axis, bool exclusive = false, bool reverse = false) {
    return Attributes(CumSumOp{axis, exclusive, reverse});
  };
  auto x = [] { return Given({3}, {1, 2, 3}); };
  return {
      .cases =
          {
              {.name = "values",
               .attributes = along(0),
               .inputs = {x()},
               .expected = {Doubles({3}, {1, 3, 6})}},
              {.name = "values_exclusive",
               .attributes = along(0, true),
               .inputs = {x()},
               .expected = {Doubles({3}, {0, 1, 3})}},
              {.name = "values_reverse",
               .attributes = along(-1, false, true),
               .inputs = {x()},
               .expected = {Doubles({3}, {6, 5, 3})}},
              {.name = "values_both",
               .attributes = along(0, true, true),
               .inputs = {x()},
               .expected = {Doubles({3}, {5, 3, 0})}},
              {.name = "values_wrap",
               .attributes = along(0),
               .inputs = {In::Given(Ints({2}, {2147483647, 1}))},
               .expected = {Ints({2}, {2147483647, -2147483648})}},
              {.name = "middle", .attributes = along(1), .inputs = {In::Normal({2, 5, 3})}},
              {.name = "first_reverse", .attributes = along(0, false, true), .inputs = {In::Normal({7, 4})}},
              {.name = "last_exclusive", .attributes = along(-1, true), .inputs = {In::Normal({3, 2, 5})}},
              {.name = "empty", .attributes = along(1), .inputs = {In::Normal({3, 0})}},
              {.name = "no_rows", .attributes = along(1), .inputs = {In::Normal({0, 3})}},
              {.name = "long", .attributes = along(1), .inputs = {In::Normal({4, 20001})}, .gradient = false},
          },
      .bad =
          {{.name = "axis",
            .attributes = along(1),
            .inputs = {In::Normal({3})},
            .error = "axis is 1, expected -1 to 0 (x is f32[3])"},
           {.name = "scalar", .attributes = along(0), .inputs = {In::Normal({})}, .error = "x is a scalar"},
           {.name = "bool",
            .attributes = along(0),
            .inputs = {In::Integers({3}, 0, 2, DataType::kBool)},
            .error = "x is bool"}},
  };
}

}  // namespace weft::ops::cum_sum
