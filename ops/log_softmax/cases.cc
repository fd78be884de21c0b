#include "ops/common/cases.h"

#include <limits>

#include "ops/log_softmax/op.h"

namespace weft::ops::log_softmax {

OpCases Cases() {
  using In = CaseInput;
  constexpr double kInf = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  auto along = [](int64_t axis) { return Attributes(LogSoftmaxOp{axis}); };
  return {
      .cases =
          {
              {.name = "last", .attributes = along(-1), .inputs = {In::Normal({3, 5, 19}, 0, 3)}},
              {.name = "first", .attributes = along(0), .inputs = {In::Normal({7, 4}, 0, 3)}},
              {.name = "middle", .attributes = along(1), .inputs = {In::Normal({2, 7, 3}, 0, 3)}},
              {.name = "last_of_one", .attributes = along(1), .inputs = {In::Normal({5, 3, 1})}},
              {.name = "vector", .attributes = along(-1), .inputs = {In::Normal({33}, 5, 10)}},
              {.name = "one_element", .attributes = along(-1), .inputs = {In::Normal({4, 1})}},
              {.name = "empty", .attributes = along(-1), .inputs = {In::Normal({0, 4})}},
              {.name = "empty_rows", .attributes = along(-1), .inputs = {In::Normal({3, 0})}},
              {.name = "long_rows",
               .attributes = along(-1),
               .inputs = {In::Normal({9, 2051}, 0, 4)},
               .gradient = false},
              {.name = "logits",
               .attributes = along(-1),
               .inputs = {In::Normal({2048, 10000})},
               .gradient = false,
               .benchmark = true},
              {.name = "values",
               .attributes = along(-1),
               .inputs = {Given({2, 3}, {1, 2, 3, 0, 1000, -1000})},
               .expected = {Doubles({2, 3}, {-2.40760596, -1.40760596, -0.40760596, -1000, 0, -2000})}},
              {.name = "values_not_finite",
               .attributes = along(-1),
               .inputs = {Given({4, 2}, {-kInf, 0, kInf, 0, -kInf, -kInf, kNaN, 0})},
               .gradient = false,
               .expected = {Doubles({4, 2}, {-kInf, 0, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN})}},
          },
      .bad = {{.name = "axis",
               .attributes = along(2),
               .inputs = {In::Normal({2, 3})},
               .error = "axis is 2, expected -2 to 1"},
              {.name = "scalar",
               .attributes = along(-1),
               .inputs = {In::Normal({})},
               .error = "input is a scalar"},
              {.name = "integers",
               .attributes = along(-1),
               .inputs = {In::Integers({2, 3}, 0, 5)},
               .error = "input is i64"}},
  };
}

}  // namespace weft::ops::log_softmax
