#include "ops/common/cases.h"

#include <cmath>

#include "ops/swish_grad/op.h"

namespace weft::ops::swish_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SwishGradOp{});
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
                      .inputs = {Given({4}, {1, 2, 1, 1}), Given({4}, {0, 1, -1, 100})},
                      .gradient = false,
                      .expected = {Doubles({4}, {0.5, 1.855341169451437, 0.0723294881402757, 1})}},
                     {.name = "far_below",
                      .attributes = a,
                      .inputs = {Given({2}, {1, 1}), Given({2}, {-20, -200})},
                      .gradient = false,
                      .expected = {Doubles({2}, {-3.9161919169e-08, 0})}},
                     {.name = "alpha",
                      .attributes = Attributes(SwishGradOp{.alpha = 1.702F}),
                      .inputs = {In::Normal({3, 19}), In::Normal({3, 19})}},
                 });
  return {
      .cases = std::move(cases),
      .bad = {
          {.name = "type",
           .attributes = a,
           .inputs = {In::Integers({2}, 0, 2), In::Integers({2}, 0, 2)},
           .error = "X is i64, expected one of f32, f64"},
          {.name = "shapes", .attributes = a, .inputs = {In::Normal({2}), In::Normal({3})}, .error = "dY"}}};
}

}  // namespace weft::ops::swish_grad
