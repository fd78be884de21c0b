#include <cmath>

#include "ops/common/activation_grad_cases.h"
#include "ops/gelu_grad/op.h"

namespace weft::ops::gelu_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(GeluGradOp{});
  std::vector<Case> cases = ActivationGradCases<GeluGradOp>();
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
  std::vector<BadCase> bad = BadActivationGradCases<GeluGradOp>();
  bad.push_back({.name = "approximate",
                 .attributes = Attributes(GeluGradOp{.approximate = ""}),
                 .inputs = {In::Normal({2}), In::Normal({2})},
                 .error = "approximate is ''"});
  return {.cases = std::move(cases), .bad = std::move(bad)};
}

}  // namespace weft::ops::gelu_grad
