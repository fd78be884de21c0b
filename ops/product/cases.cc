#include "ops/cases.h"

#include "ops/product/op.h"

namespace weft::ops::product {

OpCases Cases() {
  using In = CaseInput;
  auto with = [](bool ta, bool tb, float alpha = 1) { return Attributes(ProductOp{ta, tb, alpha}); };
  const double a[] = {1, 2, 3, 4, 5, 6}, b[] = {1, 0, -1, 2, 1, 1}, bias[] = {10, 20};
  const double y[] = {1 * 1 + 2 * 0 + 3 * -1 + 10., 2 + 2 + 3 + 20., 4 - 6 + 10., 8 + 5 + 6 + 20.};
  return {
      .cases =
          {
              {.name = "plain",
               .attributes = with(false, false),
               .inputs = {In::Normal({5, 7}), In::Normal({7, 3})}},
              {.name = "linear",
               .attributes = with(false, true),
               .inputs = {In::Normal({2, 3, 5}), In::Normal({7, 5}), In::Normal({7})}},
              {.name = "weight_gradient",
               .attributes = with(true, false),
               .inputs = {In::Normal({9, 4}), In::Normal({9, 5})}},
              {.name = "both_transposed",
               .attributes = with(true, true),
               .inputs = {In::Normal({4, 3}), In::Normal({5, 4})}},
              {.name = "batched",
               .attributes = with(false, true, 0.5f),
               .inputs = {In::Normal({2, 3, 4, 5}), In::Normal({2, 3, 6, 5})}},
              {.name = "broadcast_batches",
               .attributes = with(true, false),
               .inputs = {In::Normal({2, 1, 5, 4}), In::Normal({3, 5, 6})}},
              {.name = "accumulates",
               .attributes = with(false, false),
               .inputs = {In::Normal({5, 7}), In::Normal({7, 3}), In::Absent(), In::Normal({5, 3})}},
              {.name = "scaled_with_bias",
               .attributes = with(false, false, 0.5f),
               .inputs = {In::Normal({5, 7}), In::Normal({7, 3}), In::Normal({3}), In::Normal({5, 3})}},
              {.name = "scaled_linear",
               .attributes = with(false, true, -2.0f),
               .inputs = {In::Normal({3, 19}), In::Normal({21, 19}), In::Normal({21}), In::Normal({3, 21})}},
              {.name = "seven_rows",
               .attributes = with(false, true),
               .inputs = {In::Normal({7, 1, 37}), In::Normal({13, 37})}},
              {.name = "many_rows",
               .attributes = with(false, true),
               .inputs = {In::Normal({65, 40}), In::Normal({33, 40}), In::Normal({33})},
               .gradient = false},
              {.name = "decode",
               .attributes = with(false, true),
               .inputs = {In::Normal({1, 512}), In::Normal({10000, 512})},
               .benchmark = true},
              {.name = "head",
               .attributes = with(false, true),
               .inputs = {In::Normal({8, 256, 512}), In::Normal({10000, 512})},
               .benchmark = true},
              {.name = "feed_forward",
               .attributes = with(false, true),
               .inputs = {In::Normal({8, 256, 512}), In::Normal({1344, 512})},
               .benchmark = true},
              {.name = "feed_forward_weight_gradient",
               .attributes = with(true, false),
               .inputs = {In::Normal({2048, 1344}), In::Normal({2048, 512})},
               .benchmark = true},
              {.name = "one_row",
               .attributes = with(false, true),
               .inputs = {In::Normal({1, 33}), In::Normal({17, 33})}},
              {.name = "one_element",
               .attributes = with(true, false),
               .inputs = {In::Normal({1, 1}), In::Normal({1, 1})}},
              {.name = "empty_rows",
               .attributes = with(false, false),
               .inputs = {In::Normal({0, 4}), In::Normal({4, 3})}},
              {.name = "empty_inner",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 0}), In::Normal({0, 3}), In::Normal({3})}},
              {.name = "values",
               .attributes = with(false, true),
               .inputs = {In::Given(Tensor::Of<double>({2, 3}, a)), In::Given(Tensor::Of<double>({2, 3}, b)),
                          In::Given(Tensor::Of<double>({2}, bias))},
               .expected = {Tensor::Of<double>({2, 2}, y)}},
          },
      .bad =
          {
              {.name = "inner",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3}), In::Normal({4, 5})},
               .error = "inner dimensions 3 and 4"},
              {.name = "bias",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3}), In::Normal({3, 5}), In::Normal({4})},
               .error = "bias has shape [4], expected [5]"},
              {.name = "types",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3}), In::Integers({3, 5}, 0, 3)},
               .error = "expected equal types"},
          },
  };
}

}  // namespace weft::ops::product
