#include "ops/common/cases.h"

#include <cmath>

#include "ops/gelu/op.h"

namespace weft::ops::gelu {

OpCases Cases() {
  using In = CaseInput;
  const GeluOp tanh{.approximate = "tanh"};
  auto fill = [](Shape shape) { return In::Normal(std::move(shape), 0, 2); };
  std::vector<Case> cases = UnaryCases(GeluOp{}, fill);
  for (Case& c : UnaryCases(tanh, fill)) {
    c.name += "_tanh";
    cases.push_back(std::move(c));
  }
  const CaseInput x = Given({6}, {0, 1, -1, 10, INFINITY, -INFINITY});
  Append(&cases,
         {
             {.name = "values",
              .attributes = Attributes(GeluOp{}),
              .inputs = {x},
              .gradient = false,
              .expected = {Doubles({6}, {0, 0.8413447460685429, -0.15865525393145707, 10, INFINITY, NAN})}},
             {.name = "values_tanh",
              .attributes = Attributes(tanh),
              .inputs = {x},
              .gradient = false,
              .expected = {Doubles({6}, {0, 0.8411919906082768, -0.15880800939172324, 10, INFINITY, NAN})}},
         });
  return {.cases = std::move(cases),
          .bad = {{.name = "approximate",
                   .attributes = Attributes(GeluOp{.approximate = "sigmoid"}),
                   .inputs = {In::Normal({2})},
                   .error = "approximate is 'sigmoid', expected none or tanh"},
                  RefusesIntegers(Attributes(GeluOp{}), "X")}};
}

}  // namespace weft::ops::gelu
