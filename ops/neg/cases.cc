#include "ops/cases.h"

#include "ops/neg/op.h"

namespace weft::ops::neg {

OpCases Cases() {
  using In = CaseInput;
  const double x[] = {1.5, -2, 0}, y[] = {-1.5, 2, -0.0};
  return {
      .cases =
          {
              {.name = "odd", .attributes = Attributes(NegOp{}), .inputs = {In::Normal({3, 5, 7})}},
              {.name = "scalar", .attributes = Attributes(NegOp{}), .inputs = {In::Normal({})}},
              {.name = "empty", .attributes = Attributes(NegOp{}), .inputs = {In::Normal({0, 4})}},
              {.name = "integers", .attributes = Attributes(NegOp{}), .inputs = {In::Integers({9}, -5, 5)}},
              {.name = "values",
               .attributes = Attributes(NegOp{}),
               .inputs = {In::Given(Tensor::Of<double>({3}, x))},
               .expected = {Tensor::Of<double>({3}, y)}},
          },
      .bad = {{.name = "bool",
               .attributes = Attributes(NegOp{}),
               .inputs = {In::Integers({2}, 0, 2, DataType::kBool)},
               .error = "X is bool"}},
  };
}

}  // namespace weft::ops::neg
