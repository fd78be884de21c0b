// The cases of dx = dy f'(x) with operands dY and X, but for their values.
#pragma once
#include "ops/common/cases.h"

namespace weft::ops {

template <class A>
std::vector<Case> ActivationGradCases() {
  using In = CaseInput;
  auto make = [a = Attributes(A{})](const char* name, Shape shape) {
    return Case{.name = name, .attributes = a, .inputs = {In::Normal(shape), In::Normal(shape, 0, 2)}};
  };
  std::vector<Case> cases = {make("odd", {3, 5, 7}), make("scalar", {}),
                             make("empty", {0, 4}),  make("vector", {32}),
                             make("long", {1031}),   make("rows_2048x1344", {2048, 1344})};
  cases[4].gradient = cases[5].gradient = false;
  cases[5].benchmark = true;
  return cases;
}

template <class A>
std::vector<BadCase> BadActivationGradCases() {
  using In = CaseInput;
  const auto a = Attributes(A{});
  return {{.name = "type",
           .attributes = a,
           .inputs = {In::Integers({2}, 0, 2), In::Integers({2}, 0, 2)},
           .error = "X is i64, expected one of f32, f64"},
          {.name = "shapes", .attributes = a, .inputs = {In::Normal({2}), In::Normal({3})}, .error = "dY"}};
}

}  // namespace weft::ops
