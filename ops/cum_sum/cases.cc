#include "ops/cases.h"

#include "ops/cum_sum/op.h"

namespace weft::ops::cum_sum {

OpCases Cases() {
  using In = CaseInput;
  const double x[] = {1, 2, 3}, exclusive[] = {0, 1, 3}, reverse[] = {6, 5, 3}, both[] = {5, 3, 0};
  auto value = [&](std::string name, CumSumOp op, const double* y) {
    Case c{.name = std::move(name),
           .attributes = Attributes(op),
           .inputs = {In::Given(Tensor::Of<double>({3}, x))}};
    c.expected = {Tensor::Of<double>({3}, std::span<const double>(y, 3))};
    return c;
  };
  return {
      .cases =
          {
              {.name = "middle",
               .attributes = Attributes(CumSumOp{.axis = 1}),
               .inputs = {In::Normal({3, 5, 7})}},
              {.name = "integers",
               .attributes = Attributes(CumSumOp{.axis = -1}),
               .inputs = {In::Integers({3, 4}, -9, 9)}},
              {.name = "empty", .attributes = Attributes(CumSumOp{}), .inputs = {In::Normal({0, 4})}},
              value("exclusive", {.exclusive = true}, exclusive),
              value("reverse", {.reverse = true}, reverse),
              value("both", {.exclusive = true, .reverse = true}, both),
          },
      .bad = {{.name = "axis",
               .attributes = Attributes(CumSumOp{.axis = 2}),
               .inputs = {In::Normal({2, 2})},
               .error = "axis"}},
  };
}

}  // namespace weft::ops::cum_sum
