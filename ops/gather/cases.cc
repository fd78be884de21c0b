#include "ops/cases.h"

#include "ops/gather/op.h"

namespace weft::ops::gather {
namespace {

using In = CaseInput;

In Ids(Shape shape, std::initializer_list<int64_t> ids) {
  return In::Given(Tensor::Of<int64_t>(std::move(shape), std::span<const int64_t>(ids.begin(), ids.size())));
}

std::vector<Case> Values() {
  const double data[] = {1, 2, 3, 4, 5, 6}, rows[] = {5, 6, 1, 2, 5, 6}, columns[] = {2, 4, 6};
  const double turned[] = {2, 1, 4, 3, 6, 5};
  auto x = [&] { return In::Given(Tensor::Of<double>({3, 2}, data)); };
  return {
      {.name = "values_negative",
       .attributes = Attributes(GatherOp{}),
       .inputs = {x(), Ids({3}, {-1, 0, 2})},
       .expected = {Tensor::Of<double>({3, 2}, rows)}},
      {.name = "values_scalar_drops_axis",
       .attributes = Attributes(GatherOp{.axis = 1}),
       .inputs = {x(), Ids({}, {1})},
       .expected = {Tensor::Of<double>({3}, columns)}},
      {.name = "values_last_axis",
       .attributes = Attributes(GatherOp{.axis = -1}),
       .inputs = {x(), Ids({1, 2}, {1, 0})},
       .expected = {Tensor::Of<double>({3, 1, 2}, turned)}},
  };
}

}  // namespace

OpCases Cases() {
  OpCases all{
      .cases =
          {
              {.name = "embedding",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({11, 7}), In::Integers({3, 5}, -11, 11)}},
              {.name = "middle_axis",
               .attributes = Attributes(GatherOp{.axis = 1}),
               .inputs = {In::Normal({2, 5, 3}), In::Integers({4}, 0, 5, DataType::kI32)}},
              {.name = "repeated",
               .attributes = Attributes(GatherOp{.axis = -2}),
               .inputs = {In::Normal({3, 4, 1}), Ids({4}, {2, 2, -2, 2})}},
              {.name = "vector_scalar",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({5}), Ids({}, {3})}},
              {.name = "no_indices",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({3, 2}), In::Integers({0}, 0, 1)}},
              {.name = "no_rows",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({0, 2}), Ids({0}, {})}},
              {.name = "no_columns",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({3, 0}), In::Integers({2}, 0, 3)}},
              {.name = "integers",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Integers({6, 3}, -9, 9), In::Integers({2, 2}, 0, 6)}},
              {.name = "bytes",
               .attributes = Attributes(GatherOp{.axis = 1}),
               .inputs = {In::Integers({3, 5}, 0, 2, DataType::kBool), In::Integers({2}, 0, 5)}},
              {.name = "threads",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({50, 129}), In::Integers({700}, -50, 50)},
               .gradient = false},
              {.name = "tokens",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({10000, 512}), In::Integers({2048}, 0, 10000)},
               .benchmark = true},
          },
      .bad = {{.name = "axis",
               .attributes = Attributes(GatherOp{.axis = 2}),
               .inputs = {In::Normal({3, 2}), In::Integers({1}, 0, 2)},
               .error = "axis is 2, expected -2 to 1 (data is f32[3, 2])"},
              {.name = "scalar_data",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({}), In::Integers({1}, 0, 1)},
               .error = "data is a scalar"},
              {.name = "float_indices",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({3}), In::Normal({1})},
               .error = "indices is f32, expected one of i64, i32"},
              {.name = "too_large",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({3, 2}), Ids({2, 2}, {0, 2, 3, 1})},
               .error = "indices[1, 0] is 3, expected -3 to 2 (dimension 0 of data [3, 2])"},
              {.name = "too_small",
               .attributes = Attributes(GatherOp{.axis = 1}),
               .inputs = {In::Normal({3, 2}), Ids({}, {-3})},
               .error = "indices is -3, expected -2 to 1"},
              {.name = "empty_data",
               .attributes = Attributes(GatherOp{}),
               .inputs = {In::Normal({0, 2}), Ids({1}, {0})},
               .error = "dimension 0 of data [0, 2] is empty"}},
  };
  for (Case& c : Values()) all.cases.push_back(std::move(c));
  return all;
}

}  // namespace weft::ops::gather
