// The cases of Equal, Less and Greater but for their values.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

template <class A>
std::vector<Case> ComparisonCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  std::vector<Case> cases =
      BroadcastCases(A{}, [](Shape shape) { return In::Integers(std::move(shape), 0, 3, DataType::kF32); });
  Append(&cases, {
                     {.name = "longs",
                      .attributes = a,
                      .inputs = {In::Integers({5, 7}, -2, 2), In::Integers({7}, -2, 2)}},
                     {.name = "ints",
                      .attributes = a,
                      .inputs = {In::Integers({5, 7}, -2, 2, DataType::kI32),
                                 In::Integers({5, 1}, -2, 2, DataType::kI32)}},
                 });
  return cases;
}

// Numbers beyond those of the signed type.
inline CaseInput OneAndLargest() { return CaseInput::Given(TensorOf<uint64_t>({2}, {1, UINT64_MAX})); }
inline CaseInput LargestAndOne() { return CaseInput::Given(TensorOf<uint64_t>({2}, {UINT64_MAX, 1})); }

template <class A>
std::vector<BadCase> BadComparisonCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  return {{.name = "type",
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
           .error = "do not broadcast"}};
}

}  // namespace weft::ops
