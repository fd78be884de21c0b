#include "ops/common/cases.h"

#include "ops/swi_glu/op.h"

namespace weft::ops::swi_glu {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SwiGluOp{});
  auto make = [&](const char* name, Shape shape) {
    return Case{.name = name, .attributes = a, .inputs = {In::Normal(shape, 0, 2), In::Normal(shape)}};
  };
  std::vector<Case> cases = {make("odd", {3, 5, 7}), make("scalar", {}), make("one_element", {1}),
                             make("empty", {0, 4}), make("vector", {32})};
  cases.push_back({.name = "values",
                   .attributes = a,
                   .inputs = {Given({4}, {0, 1, -1, 100}), Given({4}, {5, 2, -3, 0.5})},
                   .gradient = false,
                   .expected = {Doubles({4}, {0, 1.4621171572600098, 0.8068242641099853, 50})}});
  cases.push_back({.name = "alpha",
                   .attributes = Attributes(SwiGluOp{.alpha = 1.702F}),
                   .inputs = {In::Normal({3, 19}), In::Normal({3, 19})}});
  cases.push_back(make("rows_2048x1344", {2048, 1344}));
  cases.back().gradient = false;
  cases.back().benchmark = true;
  return {
      .cases = std::move(cases),
      .bad = {
          {.name = "shapes", .attributes = a, .inputs = {In::Normal({2, 3}), In::Normal({3})}, .error = "up"},
          {.name = "type",
           .attributes = a,
           .inputs = {In::Integers({2}, 0, 2), In::Integers({2}, 0, 2)},
           .error = "gate is i64, expected one of f32, f64"}}};
}

}  // namespace weft::ops::swi_glu
