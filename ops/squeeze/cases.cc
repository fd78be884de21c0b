#include "ops/common/cases.h"

#include "ops/squeeze/op.h"

namespace weft::ops::squeeze {

OpCases Cases() {
  using In = CaseInput;
  auto of = [](std::vector<int64_t> axes) { return Attributes(SqueezeOp{.axes = std::move(axes)}); };
  return {
      .cases =
          {
              {.name = "values",
               .attributes = of({0, -1}),
               .inputs = {Given({1, 2, 1}, {1, 2})},
               .expected = {Doubles({2}, {1, 2})}},
              {.name = "one_of_them",
               .attributes = of({1}),
               .inputs = {Given({1, 1, 2}, {3, 4})},
               .expected = {Doubles({1, 2}, {3, 4})}},
              {.name = "all",
               .attributes = of({}),
               .inputs = {Given({1, 2, 1, 1}, {3, 4})},
               .expected = {Doubles({2}, {3, 4})}},
              {.name = "to_scalar", .attributes = of({}), .inputs = {In::Normal({1})}},
              {.name = "empty", .attributes = of({1}), .inputs = {In::Normal({0, 1, 3})}},
              {.name = "longs", .attributes = of({0}), .inputs = {In::Integers({1, 5}, -9, 9)}},
          },
      .bad = {
          {.name = "not_one",
           .attributes = of({1}),
           .inputs = {In::Normal({1, 2})},
           .error = "axis 1 of data f32[1, 2] is 2, expected 1"},
          {.name = "outside", .attributes = of({2}), .inputs = {In::Normal({1, 2})}, .error = "axes holds 2"},
          {.name = "twice",
           .attributes = of({0, -2}),
           .inputs = {In::Normal({1, 2})},
           .error = "axis 0 twice"},
      }};
}

}  // namespace weft::ops::squeeze
