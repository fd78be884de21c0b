#include <cmath>

#include "ops/common/activation_grad_cases.h"
#include "ops/swish_grad/op.h"

namespace weft::ops::swish_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(SwishGradOp{});
  std::vector<Case> cases = ActivationGradCases<SwishGradOp>();
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
  return {.cases = std::move(cases), .bad = BadActivationGradCases<SwishGradOp>()};
}

}  // namespace weft::ops::swish_grad
