#include "ops/common/cases.h"

#include "ops/identity/op.h"

namespace weft::ops::identity {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(IdentityOp{});
  std::vector<Case> cases =
      UnaryCases(IdentityOp{}, [](Shape shape) { return In::Normal(std::move(shape)); });
  Append(&cases, {{.name = "values",
                   .attributes = a,
                   .inputs = {Given({2, 1}, {1, -2})},
                   .expected = {Doubles({2, 1}, {1, -2})}},
                  {.name = "bytes", .attributes = a, .inputs = {In::Integers({3, 3}, -9, 9, DataType::kI8)}},
                  {.name = "halves",
                   .attributes = a,
                   .inputs = {In::Normal({9}).As(DataType::kF16)},
                   .gradient = false}});
  return {.cases = std::move(cases),
          .bad = {{.name = "packed",
                   .attributes = a,
                   .inputs = {In::Integers({2}, 0, 4, DataType::kI4)},
                   .error = "input is i4"}}};
}

}  // namespace weft::ops::identity
