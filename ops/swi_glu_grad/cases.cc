#include "ops/common/cases.h"

#include "ops/swi_glu_grad/op.h"

namespace weft::ops::swi_glu_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SwiGluGradOp{});
  auto make = [&](const char* name, Shape shape) {
    return Case{.name = name,
                .attributes = a,
                .inputs = {In::Normal(shape), In::Normal(shape, 0, 2), In::Normal(shape)}};
  };
  std::vector<Case> cases = {make("odd", {3, 5, 7}), make("scalar", {}), make("one_element", {1}),
                             make("empty", {0, 4}), make("vector", {32})};
  cases.push_back({.name = "values",
                   .attributes = a,
                   .inputs = {Given({3}, {1, 2, -1}), Given({3}, {0, 1, -1}), Given({3}, {4, 0.5, 3})},
                   .gradient = false,
                   .expected = {Doubles({3}, {2, 0.9276705118714869, -0.2169884643855398}),
                                Doubles({3}, {0, 1.4621171572600098, 0.2689414213699951})}});
  cases.push_back({.name = "alpha",
                   .attributes = Attributes(SwiGluGradOp{.alpha = 1.702F}),
                   .inputs = {In::Normal({3, 19}), In::Normal({3, 19}), In::Normal({3, 19})}});
  cases.push_back(make("long", {8203}));
  cases.back().gradient = false;
  cases.push_back(make("rows_2048x1344", {2048, 1344}));
  cases.back().gradient = false;
  cases.back().benchmark = true;
  return {.cases = std::move(cases),
          .bad = {{.name = "shapes",
                   .attributes = a,
                   .inputs = {In::Normal({2, 3}), In::Normal({2, 3}), In::Normal({3})},
                   .error = "up"}}};
}

}  // namespace weft::ops::swi_glu_grad
