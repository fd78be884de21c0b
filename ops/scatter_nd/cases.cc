#include "ops/common/cases.h"

#include <limits>

#include "ops/scatter_nd/op.h"

namespace weft::ops::scatter_nd {
namespace {

using In = CaseInput;

std::shared_ptr<const void> By(std::string reduction) {
  return Attributes(ScatterNDOp{std::move(reduction)});
}
In Ids(Shape shape, std::initializer_list<int64_t> x) { return In::Given(Longs(std::move(shape), x)); }

std::vector<Case> Values() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto rows = [](std::string reduction, std::initializer_list<double> result) {
    return Case{.name = "values_" + reduction,
                .attributes = By(reduction),
                .inputs = {Given({3, 2}, {1, 2, 3, 4, 5, 6}), Ids({3, 1}, {2, 0, -1}),
                           Given({3, 2}, {7, -7, 8, 9, 2, 4})},
                .gradient = reduction == "add",  // equal tuples: see grad.cc
                .expected = {Doubles({3, 2}, result)}};
  };
  return {
      rows("none", {8, 9, 3, 4, 2, 4}),
      rows("add", {9, 11, 3, 4, 14, 3}),
      rows("mul", {8, 18, 3, 4, 70, -168}),
      rows("max", {8, 9, 3, 4, 7, 6}),
      rows("min", {1, 2, 3, 4, 2, -7}),
      {.name = "values_elements",
       .attributes = By("none"),
       .inputs = {Given({8}, {1, 2, 3, 4, 5, 6, 7, 8}), Ids({4, 1}, {4, 3, 1, 7}),
                  Given({4}, {9, 10, 11, 12})},
       .expected = {Doubles({8}, {1, 11, 3, 10, 9, 6, 7, 12})}},
      {.name = "values_nan",
       .attributes = By("max"),
       .inputs = {Given({4}, {nan, 1, 2, 3}), Ids({3, 1}, {0, 1, 2}), Given({3}, {5, nan, 9})},
       .gradient = false,
       .expected = {Doubles({4}, {nan, nan, 9, 3})}},
      {.name = "values_i32",
       .attributes = By("add"),
       .inputs = {In::Given(Ints({2}, {2147483647, 1})), Ids({2, 1}, {0, 0}), In::Given(Ints({2}, {1, 2}))},
       .expected = {Ints({2}, {-2147483646, 1})}},
      {.name = "values_bool",
       .attributes = By("none"),
       .inputs = {In::Given(Elements(DataType::kBool, {3}, {0, 1, 1})), Ids({2, 1}, {0, 2}),
                  In::Given(Elements(DataType::kBool, {2}, {1, 0}))},
       .expected = {Elements(DataType::kBool, {3}, {1, 1, 0})}},
  };
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, std::string reduction, In indices, In updates, std::string error) {
    return BadCase{std::move(name),
                   By(std::move(reduction)),
                   {In::Normal({3, 2}), std::move(indices), std::move(updates)},
                   std::move(error)};
  };
  return {
      bad("reduction", "mean", Ids({1, 1}, {0}), In::Normal({1, 2}),
          "reduction is 'mean', expected none, add"),
      bad("updates", "none", Ids({1, 1}, {0}), In::Normal({2, 2}),
          "updates is f32[2, 2], expected f32[1, 2]"),
      bad("types", "none", Ids({1, 1}, {0}), In::Integers({1, 2}, 0, 9),
          "updates is i64[1, 2], expected f32[1, 2]"),
      bad("tuple", "add", Ids({1, 3}, {0, 0, 0}), In::Normal({1}), "is 3, expected 1 to 2"),
      bad("out_of_range", "add", Ids({2, 1}, {0, 3}), In::Normal({2, 2}),
          "indices[1, 0] is 3, expected -3 to 2 (dimension 0 of data [3, 2])"),
      {.name = "bool_sum",
       .attributes = By("add"),
       .inputs = {In::Integers({3}, 0, 2, DataType::kBool), Ids({1, 1}, {0}),
                  In::Integers({1}, 0, 2, DataType::kBool)},
       .error = "data is bool"},
  };
}

}  // namespace

OpCases Cases() {
  OpCases all{
      .cases =
          {
              {.name = "rows",
               .attributes = By("none"),
               .inputs = {In::Normal({7, 5}), Ids({2, 2, 1}, {0, -1, 3, 2}), In::Normal({2, 2, 5})}},
              {.name = "pages",
               .attributes = By("none"),
               .inputs = {In::Normal({3, 4, 6}), Ids({2, 3, 2}, {0, 1, 0, 2, 0, 3, 2, 0, 2, 1, -1, -2}),
                          In::Normal({2, 3, 6})}},
              {.name = "sums",
               .attributes = By("add"),
               .inputs = {In::Normal({5, 3, 2}), In::Integers({9, 2}, -3, 3), In::Normal({9, 2})}},
              {.name = "one_tuple",
               .attributes = By("add"),
               .inputs = {In::Normal({3, 4}), Ids({2}, {1, 2}), In::Normal({})}},
              {.name = "no_tuples",
               .attributes = By("none"),
               .inputs = {In::Normal({3, 2}), Ids({0, 1}, {}), In::Normal({0, 2})}},
              {.name = "no_columns",
               .attributes = By("add"),
               .inputs = {In::Normal({3, 0}), Ids({1, 1}, {2}), In::Normal({1, 0})}},
              {.name = "integers",
               .attributes = By("mul"),
               .inputs = {In::Integers({6, 3}, -9, 9), In::Integers({4, 1}, 0, 6),
                          In::Integers({4, 3}, -9, 9)}},
              {.name = "threads_columns",
               .attributes = By("add"),
               .inputs = {In::Normal({30, 131}), In::Integers({500, 1}, -30, 30), In::Normal({500, 131})},
               .gradient = false},
              {.name = "threads_rows",
               .attributes = By("add"),
               .inputs = {In::Normal({3000}), In::Integers({50000, 1}, 0, 3000), In::Normal({50000})},
               .gradient = false},
              {.name = "embedding",
               .attributes = By("add"),
               .inputs = {In::Normal({10000, 512}), In::Integers({2048, 1}, 0, 10000),
                          In::Normal({2048, 512})},
               .benchmark = true},
          },
      .bad = Bad(),
  };
  Append(&all.cases, Values());
  return all;
}

}  // namespace weft::ops::scatter_nd
