#include "ops/common/cases.h"

#include <cmath>

#include "ops/gelu_grad/op.h"

namespace weft::ops::gelu_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(GeluGradOp{});
  auto make = [&](const char* name, Shape shape) {
    return Case{.name = name, .attributes = a, .inputs = {In::Normal(shape), In::Normal(shape, 0, 2)}};
  };
  std::vector<Case> cases = {make("odd", {3, 5, 7}), make("scalar", {}),
                             make("empty", {0, 4}),  make("vector", {32}),
                             make("long", {1031}),   make("rows_2048x1344", {2048, 1344})};
  cases[4].gradient = cases[5].gradient = false;
  cases[5].benchmark = true;
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({4}, {1, 2, 1, 1}), Given({4}, {0, 1, -1, 10})},
                      .gradient = false,
                      .expected = {Doubles({4}, {0.5, 2.1666309411753725, -0.08331547058768627, 1})}},
                     {.name = "values_tanh",
                      .attributes = Attributes(GeluGradOp{.approximate = "tanh"}),
                      .inputs = {Given({4}, {1, 1, 1, 1}), Given({4}, {0, 1, -1, 10})},
                      .gradient = false,
                      .expected = {Doubles({4}, {0.5, 1.0829640838457826, -0.08296408384578255, 1})}},
                     {.name = "tanh",
                      .attributes = Attributes(GeluGradOp{.approximate = "tanh"}),
                      .inputs = {In::Normal({3, 37}), In::Normal({3, 37}, 0, 2)}},
                     {.name = "tanh_2048x1344",
                      .attributes = Attributes(GeluGradOp{.approximate = "tanh"}),
                      .inputs = {In::Normal({2048, 1344}), In::Normal({2048, 1344})},
                      .gradient = false,
                      .benchmark = true},
                 });
  return {
      .cases = std::move(cases),
      .bad = {
          {.name = "type",
           .attributes = a,
           .inputs = {In::Integers({2}, 0, 2), In::Integers({2}, 0, 2)},
           .error = "X is i64, expected one of f32, f64"},
          {.name = "shapes", .attributes = a, .inputs = {In::Normal({2}), In::Normal({3})}, .error = "dY"},
          {.name = "approximate",
           .attributes = Attributes(GeluGradOp{.approximate = ""}),
           .inputs = {In::Normal({2}), In::Normal({2})},
           .error = "approximate is ''"}}};
}

}  // namespace weft::ops::gelu_grad
