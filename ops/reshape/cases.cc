#include "ops/common/cases.h"

#include "ops/reshape/op.h"

namespace weft::ops::reshape {

OpCases Cases() {
  using In = CaseInput;
  auto to = [](Dims shape, bool allowzero = false) {
    return Attributes(ReshapeOp{.shape = std::move(shape), .allowzero = allowzero});
  };
  const Dim seq = Dim::Symbol("seq");
  return {
      .cases =
          {
              {.name = "split", .attributes = to({2, 3, 5}), .inputs = {In::Normal({6, 5})}},
              {.name = "values",
               .attributes = to({3, 2}),
               .inputs = {Given({2, 3}, {1, 2, 3, 4, 5, 6})},
               .expected = {Doubles({3, 2}, {1, 2, 3, 4, 5, 6})}},
              {.name = "rest", .attributes = to({4, -1, 3}), .inputs = {In::Normal({2, 6, 7})}},
              {.name = "copied", .attributes = to({0, -1}), .inputs = {In::Normal({2, 6, 7})}},
              {.name = "empty_copied",
               .attributes = to({3, -1}),
               .inputs = {In::Normal({0, 3})},
               .expected = {Doubles({3, 0}, {})}},
              {.name = "zero_allowed",
               .attributes = to({3, 0}, true),
               .inputs = {In::Normal({0, 3})},
               .expected = {Doubles({3, 0}, {})}},
              {.name = "to_scalar",
               .attributes = to({}),
               .inputs = {Given({1, 1}, {4})},
               .expected = {Doubles({}, {4})}},
              {.name = "from_scalar", .attributes = to({1, -1}), .inputs = {In::Normal({})}},
              {.name = "bytes",
               .attributes = to({-1}),
               .inputs = {In::Integers({3, 3}, 0, 2, DataType::kBool)}},
              {.name = "halves",
               .attributes = to({9}),
               .inputs = {In::Normal({3, 3}).As(DataType::kBF16)},
               .gradient = false},
              {.name = "longs", .attributes = to({9, 1}), .inputs = {In::Integers({3, 3}, -9, 9)}},
          },
      .bad =
          {
              {.name = "count",
               .attributes = to({4, 2}),
               .inputs = {In::Normal({2, 3})},
               .error = "shape [4, 2] has 8 elements, data f32[2, 3] has 6"},
              {.name = "rest",
               .attributes = to({4, -1}),
               .inputs = {In::Normal({2, 3})},
               .error = "the 6 elements of data f32[2, 3] cannot be divided by 4"},
              {.name = "rest_of_nothing",
               .attributes = to({0, -1}),
               .inputs = {In::Normal({0, 3})},
               .error = "cannot be divided by 0"},
              {.name = "two_rests",
               .attributes = to({-1, -1}),
               .inputs = {In::Normal({4})},
               .error = "more than once"},
              {.name = "zero_and_rest",
               .attributes = to({0, -1}, true),
               .inputs = {In::Normal({0, 3})},
               .error = "allowzero forbids"},
              {.name = "copies_too_far",
               .attributes = to({4, 0}),
               .inputs = {In::Normal({4})},
               .error = "copies dimension 1"},
              {.name = "negative", .attributes = to({-2}), .inputs = {In::Normal({4})}, .error = "holds -2"},
              {.name = "symbol", .attributes = to({seq, 2}), .inputs = {In::Normal({4})}, .error = "2*seq"},
              {.name = "packed",
               .attributes = to({4}),
               .inputs = {In::Integers({2, 2}, 0, 4, DataType::kI4)},
               .error = "data is i4, expected a type of whole bytes"},
          },
  };
}

}  // namespace weft::ops::reshape
