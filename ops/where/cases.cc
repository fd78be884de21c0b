#include "ops/common/cases.h"

#include <cmath>

#include "ops/where/op.h"

namespace weft::ops::where {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(WhereOp{});
  auto flags = [](Shape shape) { return In::Integers(std::move(shape), 0, 2, DataType::kBool); };
  auto make = [&](const char* name, Shape c, Shape x, Shape y) {
    return Case{.name = name,
                .attributes = a,
                .inputs = {flags(std::move(c)), In::Normal(std::move(x)), In::Normal(std::move(y))}};
  };
  std::vector<Case> cases = {
      make("same_shape", {3, 5, 7}, {3, 5, 7}, {3, 5, 7}),
      make("scalars", {}, {}, {}),
      make("three_ways", {4, 1, 1}, {3, 1}, {5}),
      make("scalar_else", {6, 37}, {6, 37}, {}),
      make("scalar_then", {6, 37}, {}, {6, 37}),
      make("row_condition", {19}, {4, 19}, {4, 19}),
      make("column_condition", {4, 1}, {4, 19}, {4, 19}),
      make("scalar_condition", {}, {4, 19}, {4, 19}),
      make("empty", {0, 3}, {3}, {1, 3}),
      make("one_fills", {2, 3}, {1, 3}, {2, 1}),
  };
  Append(&cases,
         {{.name = "values",
           .attributes = a,
           .inputs = {In::Given(Elements(DataType::kBool, {2, 2}, {1, 0, 1, 0})),
                      Given({2, 2}, {1, NAN, 3, NAN}), Given({2}, {NAN, -1})},
           .gradient = false,
           .expected = {Doubles({2, 2}, {1, -1, 3, -1})}},
          {.name = "longs",
           .attributes = a,
           .inputs = {flags({3, 9}), In::Integers({3, 9}, -9, 9), In::Integers({}, -9, 9)}},
          {.name = "bools", .attributes = a, .inputs = {flags({3, 9}), flags({9}), flags({3, 1})}},
          {.name = "halves",
           .attributes = a,
           .inputs = {flags({9}), In::Normal({9}).As(DataType::kBF16), In::Normal({9}).As(DataType::kBF16)},
           .gradient = false},
          {.name = "rows_2048x1344",
           .attributes = a,
           .inputs = {flags({2048, 1344}), In::Normal({2048, 1344}), In::Normal({})},
           .gradient = false,
           .benchmark = true}});
  return {.cases = std::move(cases),
          .bad = {
              {.name = "condition",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Normal({2}), In::Normal({2})},
               .error = "condition is f32, expected bool"},
              {.name = "types",
               .attributes = a,
               .inputs = {flags({2}), In::Normal({2}), In::Integers({2}, 0, 2)},
               .error = "X is f32, Y is i64, expected equal types"},
              {.name = "shapes",
               .attributes = a,
               .inputs = {flags({2, 1}), In::Normal({3}), In::Normal({2})},
               .error = "inputs 0 to 1 together [2, 3] and Y [2] do not broadcast (3 against 2)"},
              {.name = "packed",
               .attributes = a,
               .inputs = {flags({2}), In::Integers({2}, 0, 2, DataType::kI4),
                          In::Integers({2}, 0, 2, DataType::kI4)},
               .error = "X is i4"},
          }};
}

}  // namespace weft::ops::where
