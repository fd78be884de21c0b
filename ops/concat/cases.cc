#include "ops/common/cases.h"

#include "ops/concat/op.h"

namespace weft::ops::concat {

OpCases Cases() {
  using In = CaseInput;
  auto along = [](int64_t axis) { return Attributes(ConcatOp{axis}); };
  std::vector<Case> cases = {
      {.name = "values",
       .attributes = along(1),
       .inputs = {Given({2, 1}, {1, 2}), Given({2, 2}, {3, 4, 5, 6})},
       .expected = {Doubles({2, 3}, {1, 3, 4, 2, 5, 6})}},
      {.name = "rows",
       .attributes = along(0),
       .inputs = {Given({1, 2}, {1, 2}), Given({2, 2}, {3, 4, 5, 6})},
       .expected = {Doubles({3, 2}, {1, 2, 3, 4, 5, 6})}},
      {.name = "last",
       .attributes = along(-1),
       .inputs = {In::Normal({5, 3}), In::Normal({5, 19}), In::Normal({5, 2})}},
      {.name = "middle", .attributes = along(-2), .inputs = {In::Normal({3, 2, 5}), In::Normal({3, 4, 5})}},
      {.name = "vectors", .attributes = along(0), .inputs = {In::Normal({3}), In::Normal({1})}},
      {.name = "one", .attributes = along(0), .inputs = {In::Normal({3, 2})}},
      {.name = "with_empty",
       .attributes = along(1),
       .inputs = {In::Normal({3, 0}), In::Normal({3, 2}), In::Normal({3, 0})}},
      {.name = "empty_rows", .attributes = along(1), .inputs = {In::Normal({0, 1}), In::Normal({0, 2})}},
      {.name = "longs",
       .attributes = along(1),
       .inputs = {In::Integers({2, 3}, -9, 9), In::Integers({2, 1}, -9, 9)}},
      {.name = "bytes",
       .attributes = along(1),
       .inputs = {In::Integers({2, 3}, 0, 2, DataType::kBool), In::Integers({2, 4}, 0, 2, DataType::kBool)}},
      {.name = "halves",
       .attributes = along(1),
       .inputs = {In::Normal({2, 3}).As(DataType::kF16), In::Normal({2, 4}).As(DataType::kF16)},
       .gradient = false},
      {.name = "columns_2048x672",
       .attributes = along(1),
       .inputs = {In::Normal({2048, 672}), In::Normal({2048, 672})},
       .gradient = false,
       .benchmark = true},
  };
  return {.cases = std::move(cases),
          .bad = {
              {.name = "scalars",
               .attributes = along(0),
               .inputs = {In::Normal({}), In::Normal({})},
               .error = "input 0 is a scalar"},
              {.name = "axis",
               .attributes = along(2),
               .inputs = {In::Normal({2, 3})},
               .error = "axis is 2, expected -2 to 1"},
              {.name = "shape",
               .attributes = along(0),
               .inputs = {In::Normal({2, 3}), In::Normal({2, 4})},
               .error = "input 1 is f32[2, 4], expected the shape of input 0 f32[2, 3] but for axis 0"},
              {.name = "rank",
               .attributes = along(0),
               .inputs = {In::Normal({2, 3}), In::Normal({3})},
               .error = "input 1 is f32[3]"},
              {.name = "types",
               .attributes = along(0),
               .inputs = {In::Normal({2}), In::Integers({2}, 0, 2)},
               .error = "input 0 is f32, input 1 is i64, expected equal types"},
          }};
}

}  // namespace weft::ops::concat
