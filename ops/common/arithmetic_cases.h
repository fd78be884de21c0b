// The cases of Add, Sub, Mul and Div but for their values.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

// `fill(shape)` makes an input of the broadcasts.
template <class A, class Fill>
std::vector<Case> ArithmeticCases(Fill fill) {
  using In = CaseInput;
  const auto a = Attributes(A{});
  std::vector<Case> cases = BroadcastCases(A{}, fill);
  Append(&cases, {
                     {.name = "i32",
                      .attributes = a,
                      .inputs = {In::Integers({3, 1}, 1, 50, DataType::kI32),
                                 In::Integers({1, 4}, 1, 50, DataType::kI32)}},
                     {.name = "rows_2048x1344",
                      .attributes = a,
                      .inputs = {In::Uniform({2048, 1344}, 1, 2), In::Uniform({2048, 1344}, 1, 2)},
                      .gradient = false,
                      .benchmark = true},
                     {.name = "bias_2048x512",
                      .attributes = a,
                      .inputs = {In::Uniform({2048, 512}, 1, 2), In::Uniform({512}, 1, 2)},
                      .gradient = false,
                      .benchmark = true},
                 });
  return cases;
}

template <class A>
std::vector<BadCase> BadArithmeticCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  return {
      {.name = "shapes",
       .attributes = a,
       .inputs = {In::Normal({2, 3}), In::Normal({4})},
       .error = "A [2, 3] and B [4] do not broadcast (3 against 4)"},
      {.name = "types",
       .attributes = a,
       .inputs = {In::Normal({2}), In::Integers({2}, 1, 5)},
       .error = "A is f32, B is i64, expected equal types"},
      {.name = "bool",
       .attributes = a,
       .inputs = {In::Integers({2}, 0, 2, DataType::kBool), In::Integers({2}, 0, 2, DataType::kBool)},
       .error = "A is bool"},
      {.name = "missing", .attributes = a, .inputs = {In::Normal({2})}, .error = "input 1 ('B') is missing"}};
}

}  // namespace weft::ops
