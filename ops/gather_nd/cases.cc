#include "ops/common/cases.h"

#include "ops/gather_nd/op.h"

namespace weft::ops::gather_nd {

OpCases Cases() {
  using In = CaseInput;
  auto nd = [](int64_t batch_dims = 0) { return Attributes(GatherNDOp{batch_dims}); };
  auto ids = [](Shape shape, std::initializer_list<int64_t> x) {
    return In::Given(Longs(std::move(shape), x));
  };
  return {
      .cases =
          {
              {.name = "values_elements",
               .attributes = nd(),
               .inputs = {Given({2, 2}, {1, 2, 3, 4}), ids({2, 2}, {0, 0, -1, 1})},
               .expected = {Doubles({2}, {1, 4})}},
              {.name = "values_rows",
               .attributes = nd(),
               .inputs = {Given({2, 2}, {1, 2, 3, 4}), ids({3, 1}, {1, 0, -1})},
               .expected = {Doubles({3, 2}, {3, 4, 1, 2, 3, 4})}},
              {.name = "values_batch",
               .attributes = nd(1),
               .inputs = {Given({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), ids({2, 1}, {1, 0})},
               .expected = {Doubles({2, 2}, {3, 4, 5, 6})}},
              {.name = "odd",
               .attributes = nd(),
               .inputs = {In::Normal({5, 3, 7}), In::Integers({4, 3, 2}, -3, 3)}},
              {.name = "whole_tuples",
               .attributes = nd(),
               .inputs = {In::Normal({3, 3}), In::Integers({6, 2}, 0, 3)}},
              {.name = "one_tuple", .attributes = nd(), .inputs = {In::Normal({3, 4}), ids({2}, {-1, 3})}},
              {.name = "two_batch_dims",
               .attributes = nd(2),
               .inputs = {In::Normal({2, 3, 5, 2}), In::Integers({2, 3, 4, 1}, -5, 5)}},
              {.name = "no_tuples", .attributes = nd(), .inputs = {In::Normal({3, 2}), ids({0, 1}, {})}},
              {.name = "no_batch", .attributes = nd(1), .inputs = {In::Normal({0, 2}), ids({0, 4, 1}, {})}},
              {.name = "no_columns", .attributes = nd(), .inputs = {In::Normal({3, 0}), ids({2, 1}, {0, 2})}},
              {.name = "bytes",
               .attributes = nd(),
               .inputs = {In::Integers({3, 5}, 0, 2, DataType::kBool), In::Integers({2, 2}, 0, 3)}},
          },
      .bad = {{.name = "too_deep",
               .attributes = nd(),
               .inputs = {In::Normal({3}), ids({1, 2}, {0, 0})},
               .error = "the last dimension of indices i64[1, 2] is 2, expected 1 to 1 (data is f32[3])"},
              {.name = "i32",
               .attributes = nd(),
               .inputs = {In::Normal({3}), In::Integers({1, 1}, 0, 3, DataType::kI32)},
               .error = "indices is i32, expected i64"},
              {.name = "scalar",
               .attributes = nd(),
               .inputs = {In::Normal({3}), ids({}, {0})},
               .error = "expected one dimension or more"},
              {.name = "batch_dims",
               .attributes = nd(1),
               .inputs = {In::Normal({3}), ids({3, 1}, {0, 0, 0})},
               .error = "batch_dims is 1, expected 0 to 0"},
              {.name = "batch_differs",
               .attributes = nd(1),
               .inputs = {In::Normal({3, 2}), ids({2, 1}, {0, 0})},
               .error = "differ in the first 1 (batch_dims) dimensions"},
              {.name = "out_of_range",
               .attributes = nd(),
               .inputs = {In::Normal({3, 2}), ids({2, 2}, {2, 1, 0, 2})},
               .error = "indices[1, 1] is 2, expected -2 to 1 (dimension 1 of data [3, 2])"}},
  };
}

}  // namespace weft::ops::gather_nd
