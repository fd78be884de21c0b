#include "ops/cases.h"

#include "ops/mat_mul/op.h"

namespace weft::ops::mat_mul {

OpCases Cases() {
  using In = CaseInput;
  const auto none = Attributes(MatMulOp{});
  const double a[] = {1, 2, 3, 4}, b[] = {5, 6}, y[] = {17, 39};
  return {
      .cases =
          {
              {.name = "matrices", .attributes = none, .inputs = {In::Normal({5, 7}), In::Normal({7, 3})}},
              {.name = "batches",
               .attributes = none,
               .inputs = {In::Normal({2, 1, 3, 4}), In::Normal({5, 4, 3})}},
              {.name = "vector_left", .attributes = none, .inputs = {In::Normal({4}), In::Normal({2, 4, 3})}},
              {.name = "vector_right",
               .attributes = none,
               .inputs = {In::Normal({2, 3, 4}), In::Normal({4})}},
              {.name = "vectors", .attributes = none, .inputs = {In::Normal({5}), In::Normal({5})}},
              {.name = "empty", .attributes = none, .inputs = {In::Normal({0, 4}), In::Normal({4, 3})}},
              {.name = "empty_inner", .attributes = none, .inputs = {In::Normal({2, 0}), In::Normal({0, 3})}},
              {.name = "integers",
               .attributes = none,
               .inputs = {In::Integers({3, 4}, -5, 5), In::Integers({4, 2}, -5, 5)}},
              {.name = "values",
               .attributes = none,
               .inputs = {In::Given(Tensor::Of<double>({2, 2}, a)), In::Given(Tensor::Of<double>({2}, b))},
               .expected = {Tensor::Of<double>({2}, y)}},
          },
      .bad = {{.name = "inner",
               .attributes = none,
               .inputs = {In::Normal({2, 3}), In::Normal({4, 5})},
               .error = "inner dimensions 3 and 4"},
              {.name = "scalar",
               .attributes = none,
               .inputs = {In::Normal({}), In::Normal({4, 5})},
               .error = "scalars"}},
  };
}

}  // namespace weft::ops::mat_mul
