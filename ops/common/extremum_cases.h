// The cases of Max and Min but for their values.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

template <class A>
std::vector<Case> ExtremumCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  std::vector<Case> cases = BroadcastCases(A{}, [](Shape shape) { return In::Normal(std::move(shape)); });
  Append(&cases, {
                     {.name = "four_broadcast",
                      .attributes = a,
                      .inputs = {In::Normal({4, 1, 1}), In::Normal({3, 1}), In::Normal({5}), In::Normal({})}},
                     {.name = "one", .attributes = a, .inputs = {In::Normal({3, 4})}},
                     {.name = "longs",
                      .attributes = a,
                      .inputs = {In::Integers({3, 5}, -5, 5), In::Integers({5}, -5, 5)}},
                     {.name = "ints",
                      .attributes = a,
                      .inputs = {In::Integers({3, 5}, -5, 5, DataType::kI32),
                                 In::Integers({3, 1}, -5, 5, DataType::kI32)}},
                     {.name = "rows_2048x1344",
                      .attributes = a,
                      .inputs = {In::Normal({2048, 1344}), In::Normal({2048, 1344})},
                      .gradient = false,
                      .benchmark = true},
                 });
  return cases;
}

template <class A>
std::vector<BadCase> BadExtremumCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  return {{.name = "types",
           .attributes = a,
           .inputs = {In::Normal({2}), In::Normal({2}), In::Integers({2}, 0, 2)},
           .error = "input 0 is f32, input 2 is i64, expected equal types"},
          {.name = "shapes",
           .attributes = a,
           .inputs = {In::Normal({2}), In::Normal({3, 1}), In::Normal({4})},
           .error = "inputs 0 to 1 together [3, 2] and input 2 [4] do not broadcast (2 against 4)"},
          {.name = "nothing", .attributes = a, .inputs = {}, .error = "input 0 ('data_0') is missing"},
          {.name = "bool",
           .attributes = a,
           .inputs = {In::Integers({2}, 0, 2, DataType::kBool)},
           .error = "data_0 is bool"}};
}

}  // namespace weft::ops
