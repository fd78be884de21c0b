#include "ops/common/cases.h"

#include <cmath>

#include "ops/arg_max/op.h"

namespace weft::ops::arg_max {

OpCases Cases() {
  using In = CaseInput;
  auto along = [](int64_t axis, bool keepdims = true, bool last = false) {
    return Attributes(ArgMaxOp{axis, keepdims, last});
  };
  auto equals = [] { return Given({2, 4}, {2, 7, 7, 1, 5, 5, 5, 5}); };
  auto odd = [] {
    return Given({3, 4}, {1, NAN, 9, NAN, -INFINITY, -INFINITY, -INFINITY, -INFINITY, 0, -0.0, -1, 0});
  };
  return {
      .cases =
          {
              {.name = "values_first",
               .attributes = along(1),
               .inputs = {equals()},
               .expected = {Longs({2, 1}, {1, 0})}},
              {.name = "values_last",
               .attributes = along(-1, false, true),
               .inputs = {equals()},
               .expected = {Longs({2}, {2, 3})}},
              {.name = "values_column",
               .attributes = along(0, false),
               .inputs = {equals()},
               .expected = {Longs({4}, {1, 0, 0, 1})}},
              {.name = "values_nan_first",
               .attributes = along(1, false),
               .inputs = {odd()},
               .expected = {Longs({3}, {1, 0, 0})}},
              {.name = "values_nan_last",
               .attributes = along(1, false, true),
               .inputs = {odd()},
               .expected = {Longs({3}, {3, 3, 3})}},
              {.name = "values_integers",
               .attributes = along(0, false),
               .inputs = {In::Given(Longs({3}, {INT64_MIN, INT64_MAX, 0}))},
               .expected = {Longs({}, {1})}},
              {.name = "long_rows", .attributes = along(-1), .inputs = {In::Normal({3, 5, 1031})}},
              {.name = "long_rows_last",
               .attributes = along(-1, true, true),
               .inputs = {In::Integers({7, 1031}, 0, 9)}},
              {.name = "middle", .attributes = along(1), .inputs = {In::Normal({3, 7, 5})}},
              {.name = "one", .attributes = along(0), .inputs = {In::Normal({1})}},
              {.name = "no_rows", .attributes = along(1), .inputs = {In::Normal({0, 4})}},
              {.name = "i32",
               .attributes = along(0),
               .inputs = {In::Integers({9, 2}, -5, 5, DataType::kI32)}},
              {.name = "logits",
               .attributes = along(-1),
               .inputs = {In::Normal({64, 10000})},
               .benchmark = true},
          },
      .bad = {{.name = "empty",
               .attributes = along(1),
               .inputs = {In::Normal({3, 0})},
               .error = "there is no largest element along an empty dimension (1)"},
              {.name = "axis",
               .attributes = along(2),
               .inputs = {In::Normal({3, 2})},
               .error = "axis is 2, expected -2 to 1 (data is f32[3, 2])"},
              {.name = "scalar",
               .attributes = along(0),
               .inputs = {In::Normal({})},
               .error = "data is a scalar"},
              {.name = "bool",
               .attributes = along(0),
               .inputs = {In::Integers({3}, 0, 2, DataType::kBool)},
               .error = "data is bool"}},
  };
}

}  // namespace weft::ops::arg_max
