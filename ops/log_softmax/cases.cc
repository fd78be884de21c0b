#include <limits>

#include "ops/common/softmax_cases.h"
#include "ops/log_softmax/op.h"

namespace weft::ops::log_softmax {

OpCases Cases() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto a = Attributes(LogSoftmaxOp{});
  std::vector<Case> cases = SoftmaxCases<LogSoftmaxOp>();
  Append(&cases,
         {
             {.name = "values",
              .attributes = a,
              .inputs = {Given({2, 3}, {1, 2, 3, 0, 1000, -1000})},
              .expected = {Doubles({2, 3}, {-2.40760596, -1.40760596, -0.40760596, -1000, 0, -2000})}},
             {.name = "values_not_finite",
              .attributes = a,
              .inputs = {Given({4, 2}, {-kInf, 0, kInf, 0, -kInf, -kInf, kNaN, 0})},
              .gradient = false,
              .expected = {Doubles({4, 2}, {-kInf, 0, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN})}},
         });
  return {.cases = std::move(cases), .bad = BadSoftmaxCases<LogSoftmaxOp>()};
}

}  // namespace weft::ops::log_softmax
