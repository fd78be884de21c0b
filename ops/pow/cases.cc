#include "ops/common/cases.h"

#include <cmath>

#include "ops/pow/op.h"

namespace weft::ops::pow {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(PowOp{});
  std::vector<Case> cases =
      BroadcastCases(PowOp{}, [](Shape shape) { return In::Uniform(std::move(shape), 0.5, 2); });
  auto given = [&](const char* name, CaseInput x, CaseInput y, Tensor z) {
    return Case{.name = name,
                .attributes = a,
                .inputs = {std::move(x), std::move(y)},
                .gradient = false,
                .expected = {std::move(z)}};
  };
  Append(&cases,
         {
             given("values", Given({6}, {2, -2, 9, 0, -8, 0}), Given({6}, {10, 3, 0.5, 0, 0.5, -1}),
                   Doubles({6}, {1024, -8, 3, 1, NAN, INFINITY})),
             given("longs", In::Given(Longs({7}, {2, -3, 7, 1, -1, 5, 3})),
                   In::Given(Longs({7}, {10, 3, 0, -5, -3, -1, 2})), Longs({7}, {1024, -27, 1, 1, -1, 0, 9})),
             given("wraps", In::Given(Ints({}, {3})), In::Given(Longs({}, {21})), Ints({}, {1870418611})),
             given("to_u64", In::Given(Longs({2}, {-1, 2})),
                   In::Given(TensorOf<uint64_t>({2}, {UINT64_MAX, 5})), Longs({2}, {-1, 32})),
             given("int_to_float", In::Given(Ints({2}, {2, 9})), Given({2}, {3, 0.5}), Ints({2}, {8, 3})),
             given("square", In::Normal({0}), Given({}, {2}), Doubles({0}, {})),
             given("negative_square", Given({3}, {-3, 0, 1.5}), Given({}, {2}), Doubles({3}, {9, 0, 2.25})),
             {.name = "float_to_long",
              .attributes = a,
              .inputs = {In::Normal({3, 7}), In::Given(Longs({}, {3}))}},
             {.name = "float_to_longs",
              .attributes = a,
              .inputs = {In::Uniform({3, 4}, 1, 2), In::Integers({4}, -2, 4)}},
             {.name = "square_rows",
              .attributes = a,
              .inputs = {In::Normal({5, 37}), Given({}, {2})},
              .gradient = false},
             {.name = "cube",
              .attributes = a,
              .inputs = {In::Normal({5, 37}), Given({1}, {3})},
              .gradient = false},
             {.name = "square_2048x512",
              .attributes = a,
              .inputs = {In::Normal({2048, 512}), Given({}, {2})},
              .gradient = false,
              .benchmark = true},
         });
  return {.cases = std::move(cases),
          .bad = {{.name = "zero_to_negative",
                   .attributes = a,
                   .inputs = {In::Given(Longs({2}, {1, 0})), In::Given(Longs({}, {-2}))},
                   .error = "0 to the power -2 at element 1"},
                  {.name = "bool",
                   .attributes = a,
                   .inputs = {In::Normal({2}), In::Integers({2}, 0, 2, DataType::kBool)},
                   .error = "Y is bool"},
                  {.name = "shapes",
                   .attributes = a,
                   .inputs = {In::Normal({2}), In::Normal({3})},
                   .error = "X [2] and Y [3] do not broadcast"}}};
}

}  // namespace weft::ops::pow
