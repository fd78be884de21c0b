#include "ops/common/cases.h"

#include "ops/expand/op.h"

namespace weft::ops::expand {

OpCases Cases() {
  using In = CaseInput;
  auto to = [](Dims shape) { return Attributes(ExpandOp{.shape = std::move(shape)}); };
  return {
      .cases =
          {
              {.name = "rows", .attributes = to({6, 5}), .inputs = {In::Normal({5})}},
              {.name = "columns",
               .attributes = to({2, 3}),
               .inputs = {Given({2, 1}, {1, 2})},
               .expected = {Doubles({2, 3}, {1, 1, 1, 2, 2, 2})}},
              {.name = "one_keeps",
               .attributes = to({2, 1}),
               .inputs = {Given({3}, {1, 2, 3})},
               .expected = {Doubles({2, 3}, {1, 2, 3, 1, 2, 3})}},
              {.name = "middle", .attributes = to({3, 4, 5}), .inputs = {In::Normal({3, 1, 5})}},
              {.name = "both_ends", .attributes = to({3, 4, 5}), .inputs = {In::Normal({4, 1})}},
              {.name = "scalar", .attributes = to({2, 2, 3}), .inputs = {In::Normal({})}},
              {.name = "identity", .attributes = to({}), .inputs = {In::Normal({2, 3})}},
              {.name = "empty",
               .attributes = to({0, 3}),
               .inputs = {In::Normal({1, 3})},
               .expected = {Doubles({0, 3}, {})}},
              {.name = "longs", .attributes = to({2, 3}), .inputs = {In::Integers({2, 1}, -5, 5)}},
              {.name = "bools",
               .attributes = to({2, 3}),
               .inputs = {In::Integers({3}, 0, 2, DataType::kBool)}},
              {.name = "halves",
               .attributes = to({5, 3}),
               .inputs = {In::Normal({3}).As(DataType::kF16)},
               .gradient = false},
              {.name = "rows_2048x512",
               .attributes = to({2048, 512}),
               .inputs = {In::Normal({512})},
               .gradient = false,
               .benchmark = true},
              {.name = "columns_2048x512",
               .attributes = to({2048, 512}),
               .inputs = {In::Normal({2048, 1})},
               .gradient = false,
               .benchmark = true},
          },
      .bad =
          {
              {.name = "shape",
               .attributes = to({4}),
               .inputs = {In::Normal({3})},
               .error = "input f32[3] does not broadcast to [4]"},
              {.name = "negative",
               .attributes = to({-1, 3}),
               .inputs = {In::Normal({3})},
               .error = "holds -1"},
              {.name = "packed",
               .attributes = to({2}),
               .inputs = {In::Integers({1}, 0, 4, DataType::kU4)},
               .error = "input is u4"},
          },
  };
}

}  // namespace weft::ops::expand
