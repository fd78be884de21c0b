#include <cmath>

#include "ops/common/arithmetic_cases.h"
#include "ops/div/op.h"

namespace weft::ops::div {

OpCases Cases() {
  using In = CaseInput;
  const auto a = Attributes(DivOp{});
  std::vector<Case> cases =
      ArithmeticCases<DivOp>([](Shape shape) { return In::Uniform(std::move(shape), 0.5, 2); });
  Append(&cases, {
                     {.name = "values",
                      .attributes = a,
                      .inputs = {Given({2, 2}, {1, -2, 0.5, 0}), Given({2}, {4, -8})},
                      .gradient = false,
                      .expected = {Doubles({2, 2}, {0.25, 0.25, 0.125, -0.0})}},
                     {.name = "i64",
                      .attributes = a,
                      .inputs = {In::Given(Longs({5}, {-7, 7, 7, 6, INT64_MIN})),
                                 In::Given(Longs({5}, {2, 2, -2, 3, -1}))},
                      .expected = {Longs({5}, {-3, 3, -3, 2, INT64_MIN})}},
                     {.name = "u8",
                      .attributes = a,
                      .inputs = {In::Given(TensorOf<uint8_t>({2}, {250, 3})),
                                 In::Given(TensorOf<uint8_t>({2}, {10, 4}))},
                      .expected = {TensorOf<uint8_t>({2}, {25, 0})}},
                     {.name = "i8",
                      .attributes = a,
                      .inputs = {In::Given(TensorOf<int8_t>({2}, {-128, -7})),
                                 In::Given(TensorOf<int8_t>({2}, {-1, 2}))},
                      .expected = {TensorOf<int8_t>({2}, {-128, -3})}},
                     {.name = "by_zero",
                      .attributes = a,
                      .inputs = {Given({3}, {1, -1, 0}), Given({}, {0})},
                      .gradient = false,
                      .expected = {Doubles({3}, {INFINITY, -INFINITY, NAN})}},
                 });
  std::vector<BadCase> bad = BadArithmeticCases<DivOp>();
  bad.push_back({.name = "integer_by_zero",
                 .attributes = a,
                 .inputs = {In::Given(Longs({2}, {4, 5})), In::Given(Longs({2}, {2, 0}))},
                 .error = "5 / 0 at element 1"});
  return {.cases = std::move(cases), .bad = std::move(bad)};
}

}  // namespace weft::ops::div
