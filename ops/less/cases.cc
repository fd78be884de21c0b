#include "ops/common/cases.h"

#include <cmath>

#include "ops/less/op.h"

namespace weft::ops::less {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(LessOp{});
  std::vector<Case> cases = BroadcastCases(
      LessOp{}, [](Shape shape) { return In::Integers(std::move(shape), 0, 3, DataType::kF32); });
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({5}, {1, 2, NAN, 0, -INFINITY}), Given({5}, {1, 3, 1, -0.0, INFINITY})},
              .expected = {Elements(DataType::kBool, {5}, {0, 1, 0, 0, 1})}},
             {.name = "u64",
              .attributes = a,
              .inputs = {In::Given(TensorOf<uint64_t>({2}, {1, UINT64_MAX})),
                         In::Given(TensorOf<uint64_t>({2}, {UINT64_MAX, 1}))},
              .expected = {Elements(DataType::kBool, {2}, {1, 0})}},
             {.name = "longs",
              .attributes = a,
              .inputs = {In::Integers({5, 7}, -2, 2), In::Integers({7}, -2, 2)}},
             {.name = "ints",
              .attributes = a,
              .inputs = {In::Integers({5, 7}, -2, 2, DataType::kI32),
                         In::Integers({5, 1}, -2, 2, DataType::kI32)}},
         });
  return {
      .cases = std::move(cases),
      .bad = {{.name = "type",
               .attributes = a,
               .inputs = {In::Normal({2}).As(DataType::kF16), In::Normal({2}).As(DataType::kF16)},
               .error = "A is f16, expected one of"},
              {.name = "types",
               .attributes = a,
               .inputs = {In::Normal({2}), In::Integers({2}, 0, 2)},
               .error = "expected equal types"},
              {.name = "shapes",
               .attributes = a,
               .inputs = {In::Integers({2}, 0, 3, DataType::kF32), In::Integers({3}, 0, 3, DataType::kF32)},
               .error = "do not broadcast"}}};
}

}  // namespace weft::ops::less
