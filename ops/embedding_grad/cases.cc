#include "ops/cases.h"

#include "ops/embedding_grad/op.h"

namespace weft::ops::embedding_grad {
namespace {

using In = CaseInput;

In Ids(Shape shape, std::initializer_list<int64_t> ids) {
  return In::Given(Tensor::Of<int64_t>(std::move(shape), std::span<const int64_t>(ids.begin(), ids.size())));
}

std::vector<Case> Values() {
  const double dy[] = {1, 2, 3, 4, 5, 6}, dw[] = {0, 0, 6, 8, 3, 4, 0, 0};
  const double columns[] = {0, 3, 3, 0, 9, 6};
  return {
      {.name = "values_repeated",
       .attributes = Attributes(EmbeddingGradOp{.num_rows = 4}),
       .inputs = {Ids({3}, {1, 2, -3}), In::Given(Tensor::Of<double>({3, 2}, dy))},
       .expected = {Tensor::Of<double>({4, 2}, dw)}},
      {.name = "values_columns",
       .attributes = Attributes(EmbeddingGradOp{.num_rows = 3, .axis = 1}),
       .inputs = {Ids({3}, {1, 1, 2}), In::Given(Tensor::Of<double>({2, 3}, dy))},
       .expected = {Tensor::Of<double>({2, 3}, columns)}},
  };
}

}  // namespace

OpCases Cases() {
  auto rows = [](Dim n, int64_t axis = 0) { return Attributes(EmbeddingGradOp{std::move(n), axis}); };
  OpCases all{
      .cases =
          {
              {.name = "odd",
               .attributes = rows(11),
               .inputs = {In::Integers({3, 5}, -11, 11), In::Normal({3, 5, 7})}},
              {.name = "i32",
               .attributes = rows(3, 1),
               .inputs = {In::Integers({4}, -3, 3, DataType::kI32), In::Normal({2, 4, 3})}},
              {.name = "accumulates",
               .attributes = rows(11),
               .inputs = {In::Integers({3, 5}, -11, 11), In::Normal({3, 5, 7}), In::Normal({11, 7})}},
              {.name = "accumulates_columns",
               .attributes = rows(3, 1),
               .inputs = {In::Integers({4}, -3, 3), In::Normal({2, 4, 3}), In::Normal({2, 3, 3})}},
              {.name = "accumulates_nothing",
               .attributes = rows(4),
               .inputs = {Ids({0}, {}), In::Normal({0, 3}), In::Normal({4, 3})}},
              {.name = "scalar_index", .attributes = rows(4, 1), .inputs = {Ids({}, {2}), In::Normal({3})}},
              {.name = "no_indices", .attributes = rows(4), .inputs = {Ids({0}, {}), In::Normal({0, 3})}},
              {.name = "no_rows", .attributes = rows(0), .inputs = {Ids({0}, {}), In::Normal({0, 3})}},
              {.name = "no_columns", .attributes = rows(4), .inputs = {Ids({2}, {0, 3}), In::Normal({2, 0})}},
              {.name = "column_parts",
               .attributes = rows(300),
               .inputs = {In::Integers({700}, 0, 300), In::Normal({700, 131})},
               .gradient = false},
              {.name = "row_parts",
               .attributes = rows(1100, 1),
               .inputs = {In::Integers({900}, 0, 1100), In::Normal({3, 900, 33})},
               .gradient = false},
              {.name = "tokens",
               .attributes = rows(10000),
               .inputs = {In::Integers({2048}, 0, 10000), In::Normal({2048, 512})},
               .benchmark = true},
          },
      .bad = {{.name = "shape",
               .attributes = rows(4),
               .inputs = {Ids({2}, {0, 1}), In::Normal({3, 2})},
               .error = "dy has shape [3, 2], expected [2] (that of indices) from dimension 0 on"},
              {.name = "axis",
               .attributes = rows(4, 2),
               .inputs = {Ids({2}, {0, 1}), In::Normal({3, 2})},
               .error = "axis is 2, expected 0 to 1"},
              {.name = "integers",
               .attributes = rows(4),
               .inputs = {Ids({2}, {0, 1}), In::Integers({2, 2}, 0, 9)},
               .error = "dy is i64"},
              {.name = "accumulator",
               .attributes = rows(4),
               .inputs = {Ids({2}, {0, 1}), In::Normal({2, 2}), In::Normal({3, 2})},
               .error = "accumulator is f32[3, 2], expected f32[4, 2] (as dw)"},
              {.name = "negative_rows",
               .attributes = rows(-1),
               .inputs = {Ids({2}, {0, 1}), In::Normal({2, 2})},
               .error = "num_rows is -1"},
              {.name = "out_of_range",
               .attributes = rows(4),
               .inputs = {Ids({2}, {0, 4}), In::Normal({2, 2})},
               .error = "indices[1] is 4, expected -4 to 3 (dimension 0 of dw [4, 2])"}},
  };
  for (Case& c : Values()) all.cases.push_back(std::move(c));
  return all;
}

}  // namespace weft::ops::embedding_grad
