#include "ops/cases.h"

#include "ops/identity/op.h"

namespace weft::ops::identity {

OpCases Cases() {
  using In = CaseInput;
  const auto attributes = Attributes(IdentityOp{});
  const double x[] = {1.5, -2, 0};
  return {
      .cases = {
          {.name = "odd", .attributes = attributes, .inputs = {In::Normal({3, 5, 7})}},
          {.name = "scalar", .attributes = attributes, .inputs = {In::Normal({})}},
          {.name = "empty", .attributes = attributes, .inputs = {In::Normal({0, 4})}},
          {.name = "bool", .attributes = attributes, .inputs = {In::Integers({9}, 0, 2, DataType::kBool)}},
          {.name = "two_threads",
           .attributes = attributes,
           .inputs = {In::Normal({301, 257})},
           .gradient = false},
          {.name = "values",
           .attributes = attributes,
           .inputs = {In::Given(Tensor::Of<double>({3}, x))},
           .expected = {Tensor::Of<double>({3}, x)}},
      }};
}

}  // namespace weft::ops::identity
