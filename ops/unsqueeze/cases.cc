#include "ops/common/cases.h"

#include "ops/unsqueeze/op.h"

namespace weft::ops::unsqueeze {

OpCases Cases() {
  using In = CaseInput;
  auto of = [](std::vector<int64_t> axes) { return Attributes(UnsqueezeOp{.axes = std::move(axes)}); };
  return {
      .cases =
          {
              {.name = "values",
               .attributes = of({0, -1}),
               .inputs = {Given({2}, {1, 2})},
               .expected = {Doubles({1, 2, 1}, {1, 2})}},
              {.name = "unsorted",
               .attributes = of({3, 0}),
               .inputs = {Given({2, 1}, {3, 4})},
               .expected = {Doubles({1, 2, 1, 1}, {3, 4})}},
              {.name = "scalar", .attributes = of({0}), .inputs = {In::Normal({})}},
              {.name = "empty", .attributes = of({1}), .inputs = {In::Normal({0, 3})}},
              {.name = "longs", .attributes = of({1}), .inputs = {In::Integers({5}, -9, 9)}},
          },
      .bad = {
          {.name = "outside",
           .attributes = of({2}),
           .inputs = {In::Normal({2})},
           .error = "axes holds 2, expected -2 to 1 (expanded has rank 2)"},
          {.name = "twice", .attributes = of({0, -3}), .inputs = {In::Normal({2})}, .error = "axis 0 twice"},
      }};
}

}  // namespace weft::ops::unsqueeze
