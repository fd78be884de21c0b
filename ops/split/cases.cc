#include "ops/common/cases.h"

#include "ops/split/op.h"

namespace weft::ops::split {

OpCases Cases() {
  using In = CaseInput;
  auto sizes = [](Dims split, int64_t axis) {
    return Attributes(SplitOp{.split = std::move(split), .axis = axis});
  };
  auto equal = [](int64_t n, int64_t axis) { return Attributes(SplitOp{.axis = axis, .num_outputs = n}); };
  std::vector<Case> cases = {
      {.name = "values",
       .attributes = sizes({1, 2}, 1),
       .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, 6})},
       .expected = {Doubles({2, 1}, {1, 4}), Doubles({2, 2}, {2, 3, 5, 6})}},
      {.name = "uneven",
       .attributes = equal(3, 0),
       .inputs = {Given({7}, {1, 2, 3, 4, 5, 6, 7})},
       .expected = {Doubles({3}, {1, 2, 3}), Doubles({3}, {4, 5, 6}), Doubles({1}, {7})}},
      {.name = "thirds", .attributes = equal(3, -1), .inputs = {In::Normal({5, 3 * 19})}},
      {.name = "rows", .attributes = equal(2, 0), .inputs = {In::Normal({6, 5})}},
      {.name = "middle", .attributes = sizes({2, 1, 4}, 1), .inputs = {In::Normal({3, 7, 2})}},
      {.name = "zero_part", .attributes = sizes({0, 3}, 0), .inputs = {In::Normal({3, 2})}},
      {.name = "one", .attributes = equal(1, 0), .inputs = {In::Normal({3, 2})}},
      {.name = "empty", .attributes = sizes({0, 0}, 0), .inputs = {In::Normal({0, 2})}},
      {.name = "longs", .attributes = equal(2, 1), .inputs = {In::Integers({3, 4}, -9, 9)}},
      {.name = "halves",
       .attributes = equal(2, 1),
       .inputs = {In::Normal({3, 4}).As(DataType::kBF16)},
       .gradient = false},
      {.name = "halves_of_2048x1344",
       .attributes = equal(2, 1),
       .inputs = {In::Normal({2048, 1344})},
       .gradient = false,
       .benchmark = true},
  };
  return {.cases = std::move(cases),
          .bad = {
              {.name = "neither",
               .attributes = sizes({}, 0),
               .inputs = {In::Normal({3})},
               .error = "neither is given"},
              {.name = "both",
               .attributes = Attributes(SplitOp{.split = {1, 2}, .num_outputs = 2}),
               .inputs = {In::Normal({3})},
               .error = "both are given"},
              {.name = "sum",
               .attributes = sizes({1, 1}, 0),
               .inputs = {In::Normal({3})},
               .error = "split [1, 1] has 2 elements together, axis 0 of input f32[3] has 3"},
              {.name = "negative",
               .attributes = sizes({4, -1}, 0),
               .inputs = {In::Normal({3})},
               .error = "holds -1"},
              {.name = "five_in_four",
               .attributes = equal(4, 0),
               .inputs = {In::Normal({5})},
               .error = "5 elements do not split into 4"},
              {.name = "too_many",
               .attributes = equal(int64_t{1} << 60, 0),
               .inputs = {In::Normal({5})},
               .error = "num_outputs is 1152921504606846976"},
              {.name = "none",
               .attributes = equal(-1, 0),
               .inputs = {In::Normal({5})},
               .error = "num_outputs is -1"},
              {.name = "axis",
               .attributes = equal(1, 1),
               .inputs = {In::Normal({5})},
               .error = "axis is 1, expected -1 to 0"},
          }};
}

}  // namespace weft::ops::split
