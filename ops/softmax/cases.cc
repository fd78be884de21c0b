#include <limits>

#include "ops/common/softmax_cases.h"
#include "ops/softmax/op.h"

namespace weft::ops::softmax {

OpCases Cases() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto a = Attributes(SoftmaxOp{});
  std::vector<Case> cases = SoftmaxCases<SoftmaxOp>();
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({2, 3}, {1, 2, 3, 0, 1000, -1000})},
                      .expected = {Doubles({2, 3}, {0.09003057, 0.24472847, 0.66524096, 0, 1, 0})}},
                     {.name = "values_not_finite",
                      .attributes = a,
                      .inputs = {Given({4, 2}, {-kInf, 0, kInf, 0, -kInf, -kInf, kNaN, 0})},
                      .gradient = false,
                      .expected = {Doubles({4, 2}, {0, 1, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN})}},
                 });
  return {.cases = std::move(cases), .bad = BadSoftmaxCases<SoftmaxOp>()};
}

}  // namespace weft::ops::softmax
