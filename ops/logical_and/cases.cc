#include "ops/common/cases.h"

#include <cmath>

#include "ops/logical_and/op.h"

namespace weft::ops::logical_and {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(AndOp{});
  std::vector<Case> cases = BroadcastCases(
      AndOp{}, [](Shape shape) { return In::Integers(std::move(shape), 0, 2, DataType::kBool); });
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {In::Given(Elements(DataType::kBool, {4}, {0, 0, 1, 1})),
                                 In::Given(Elements(DataType::kBool, {4}, {0, 1, 0, 1}))},
                      .expected = {Elements(DataType::kBool, {4}, {0, 0, 0, 1})}},
                 });
  return {
      .cases = std::move(cases),
      .bad = {{.name = "type",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Normal({2})},
               .error = "A is f32, expected bool"},
              {.name = "types",
               .attributes = a,
               .inputs = {In::Integers({2}, 0, 2, DataType::kBool), In::Normal({2})},
               .error = "expected equal types"},
              {.name = "shapes",
               .attributes = a,
               .inputs = {In::Integers({2}, 0, 2, DataType::kBool), In::Integers({3}, 0, 2, DataType::kBool)},
               .error = "do not broadcast"}}};
}

}  // namespace weft::ops::logical_and
