#include "ops/common/cases.h"

#include <cmath>

#include "ops/top_k/op.h"

namespace weft::ops::top_k {

OpCases Cases() {
  using In = CaseInput;
  auto top = [](int64_t k, int64_t axis = -1, bool largest = true, bool sorted = true) {
    return Attributes(TopKOp{k, axis, largest, sorted});
  };
  return {
      .cases =
          {
              {.name = "values_equal",
               .attributes = top(3),
               .inputs = {Given({2, 4}, {0, 1, 1, 1, 5, 5, 2, 5})},
               .gradient = false,
               .expected = {Doubles({2, 3}, {1, 1, 1, 5, 5, 5}), Longs({2, 3}, {1, 2, 3, 0, 1, 3})}},
              {.name = "values_smallest",
               .attributes = top(2, 0, false),
               .inputs = {Given({3, 2}, {3, -1, 2, -1, 2, 7})},
               .gradient = false,
               .expected = {Doubles({2, 2}, {2, -1, 2, -1}), Longs({2, 2}, {1, 0, 2, 1})}},
              {.name = "values_nan",
               .attributes = top(2),
               .inputs = {Given({3}, {1, NAN, 3})},
               .gradient = false,
               .expected = {Doubles({2}, {NAN, 3}), Longs({2}, {1, 2})}},
              {.name = "values_nan_smallest",
               .attributes = top(3, 0, false),
               .inputs = {Given({3}, {1, NAN, -INFINITY})},
               .gradient = false,
               .expected = {Doubles({3}, {-INFINITY, 1, NAN}), Longs({3}, {2, 0, 1})}},
              {.name = "odd", .attributes = top(4), .inputs = {In::Distinct({3, 5, 7})}},
              {.name = "middle_axis", .attributes = top(3, 1), .inputs = {In::Distinct({2, 5, 3})}},
              {.name = "first_axis_smallest",
               .attributes = top(2, 0, false),
               .inputs = {In::Distinct({5, 3})}},
              {.name = "all", .attributes = top(6), .inputs = {In::Distinct({6})}},
              {.name = "unsorted", .attributes = top(2, -1, true, false), .inputs = {In::Distinct({2, 5})}},
              {.name = "none", .attributes = top(0), .inputs = {In::Distinct({2, 5})}},
              {.name = "no_rows", .attributes = top(2), .inputs = {In::Distinct({0, 5})}},
              {.name = "nothing_of_nothing", .attributes = top(0), .inputs = {In::Distinct({2, 0})}},
              {.name = "integers", .attributes = top(9), .inputs = {In::Integers({40, 99}, -20, 20)}},
              {.name = "long_rows",
               .attributes = top(50),
               .inputs = {In::Integers({5, 5001}, -999, 999, DataType::kI32)}},
              {.name = "logits",
               .attributes = top(50),
               .inputs = {In::Normal({8, 10000})},
               .benchmark = true},
          },
      .bad = {{.name = "too_many",
               .attributes = top(4),
               .inputs = {In::Normal({2, 3})},
               .error = "k is 4, expected 0 to 3 (dimension 1 of X f32[2, 3])"},
              {.name = "negative",
               .attributes = top(-1),
               .inputs = {In::Normal({2, 3})},
               .error = "k is -1, expected 0 to 3"},
              {.name = "axis",
               .attributes = top(1, 2),
               .inputs = {In::Normal({2, 3})},
               .error = "axis is 2, expected -2 to 1"},
              {.name = "bool",
               .attributes = top(1),
               .inputs = {In::Integers({3}, 0, 2, DataType::kBool)},
               .error = "X is bool"}},
  };
}

}  // namespace weft::ops::top_k
