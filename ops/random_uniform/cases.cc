#include <cmath>

#include "ops/common/random_cases.h"
#include "ops/random_uniform/op.h"

namespace weft::ops::random_uniform {

OpCases Cases() {
  OpCases c = {.cases = DrawCases(RandomUniformOp{.high = 0.5F, .low = -3}),
               .bad = BadDrawCases<RandomUniformOp>()};
  c.bad.push_back(BadDraw("empty_range", RandomUniformOp{.high = 1, .low = 1, .shape = {2, 3}},
                          "low is 1 and high is 1, expected low < high"));
  c.bad.push_back(
      BadDraw("infinite_range", RandomUniformOp{.high = INFINITY, .shape = {2, 3}}, "high is inf"));
  return c;
}

}  // namespace weft::ops::random_uniform
