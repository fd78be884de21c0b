#include "ops/common/cases.h"

#include "ops/logical_not/op.h"

namespace weft::ops::logical_not {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(NotOp{});
  std::vector<Case> cases =
      UnaryCases(NotOp{}, [](Shape shape) { return In::Integers(std::move(shape), 0, 2, DataType::kBool); });
  cases.push_back({.name = "values",
                   .attributes = a,
                   .inputs = {In::Given(Elements(DataType::kBool, {2}, {0, 1}))},
                   .expected = {Elements(DataType::kBool, {2}, {1, 0})}});
  return {.cases = std::move(cases),
          .bad = {{.name = "type",
                   .attributes = a,
                   .inputs = {In::Normal({2})},
                   .error = "X is f32, expected bool"}}};
}

}  // namespace weft::ops::logical_not
