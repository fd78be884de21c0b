#include <cmath>

#include "ops/common/random_cases.h"
#include "ops/random_normal/op.h"

namespace weft::ops::random_normal {

OpCases Cases() {
  OpCases c = {.cases = DrawCases(RandomNormalOp{.mean = 3, .scale = 0.5F}),
               .bad = BadDrawCases<RandomNormalOp>()};
  c.bad.push_back(BadDraw("negative_scale", RandomNormalOp{.scale = -1, .shape = {2, 3}},
                          "scale is -1, expected 0 or more"));
  c.bad.push_back(BadDraw("infinite_mean", RandomNormalOp{.mean = INFINITY, .shape = {2, 3}},
                          "mean is inf, expected a number"));
  return c;
}

}  // namespace weft::ops::random_normal
