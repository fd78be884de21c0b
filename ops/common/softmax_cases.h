// The cases of Softmax and LogSoftmax but for their values.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

template <class A>
std::vector<Case> SoftmaxCases() {
  using In = CaseInput;
  auto along = [](int64_t axis) { return Attributes(A{axis}); };
  return {
      {.name = "last", .attributes = along(-1), .inputs = {In::Normal({3, 5, 19}, 0, 3)}},
      {.name = "first", .attributes = along(0), .inputs = {In::Normal({7, 4}, 0, 3)}},
      {.name = "middle", .attributes = along(1), .inputs = {In::Normal({2, 7, 3}, 0, 3)}},
      {.name = "last_of_one", .attributes = along(1), .inputs = {In::Normal({5, 3, 1})}},
      {.name = "vector", .attributes = along(-1), .inputs = {In::Normal({33}, 5, 10)}},
      {.name = "one_element", .attributes = along(-1), .inputs = {In::Normal({4, 1})}},
      {.name = "empty", .attributes = along(-1), .inputs = {In::Normal({0, 4})}},
      {.name = "empty_rows", .attributes = along(-1), .inputs = {In::Normal({3, 0})}},
      {.name = "long_rows",
       .attributes = along(-1),
       .inputs = {In::Normal({9, 2051}, 0, 4)},
       .gradient = false},
      {.name = "logits",
       .attributes = along(-1),
       .inputs = {In::Normal({2048, 10000})},
       .gradient = false,
       .benchmark = true},
  };
}

template <class A>
std::vector<BadCase> BadSoftmaxCases() {
  using In = CaseInput;
  auto along = [](int64_t axis) { return Attributes(A{axis}); };
  return {
      {.name = "axis",
       .attributes = along(2),
       .inputs = {In::Normal({2, 3})},
       .error = "axis is 2, expected -2 to 1"},
      {.name = "scalar", .attributes = along(-1), .inputs = {In::Normal({})}, .error = "input is a scalar"},
      {.name = "integers",
       .attributes = along(-1),
       .inputs = {In::Integers({2, 3}, 0, 5)},
       .error = "input is i64"}};
}

}  // namespace weft::ops
