#include "ops/common/random_cases.h"
#include "ops/random_truncated_normal/op.h"

namespace weft::ops::random_truncated_normal {

OpCases Cases() {
  using Op = RandomTruncatedNormalOp;
  OpCases c = {.cases = DrawCases(Op{.mean = 3, .scale = 0.5F, .cut = 1.5F}), .bad = BadDrawCases<Op>()};
  c.bad.push_back(
      BadDraw("negative_scale", Op{.scale = -1, .shape = {2, 3}}, "scale is -1, expected 0 or more"));
  c.bad.push_back(BadDraw("no_room", Op{.cut = 0, .shape = {2, 3}}, "cut is 0, expected a positive number"));
  return c;
}

}  // namespace weft::ops::random_truncated_normal
