#include "ops/cases.h"

#include "ops/rms_normalization/op.h"

namespace weft::ops::rms_normalization {

OpCases Cases() {
  using In = CaseInput;
  const auto last = Attributes(RmsNormalizationOp{});
  const double x[] = {3, 4}, scale[] = {1, 2}, y[] = {3 / 3.5355339, 8 / 3.5355339};
  return {
      .cases =
          {
              {.name = "rows",
               .attributes = last,
               .inputs = {In::Normal({3, 5, 37}), In::Normal({37}, 1, 0.2)}},
              {.name = "keeps_inv_rms",
               .attributes = last,
               .inputs = {In::Normal({4, 16}), In::Normal({16}, 1, 0.2)},
               .optional_outputs = 2},
              {.name = "two_axes",
               .attributes = Attributes(RmsNormalizationOp{.axis = 1, .epsilon = 1e-3f}),
               .inputs = {In::Normal({3, 4, 5}), In::Normal({4, 5}, 1, 0.2)}},
              {.name = "scale_broadcasts",
               .attributes = last,
               .inputs = {In::Normal({3, 6}), In::Normal({1}, 2, 0.1)}},
              {.name = "cs336",
               .attributes = last,
               .inputs = {In::Normal({2048, 512}), In::Normal({512}, 1, 0.2)},
               .optional_outputs = 2,
               .gradient = false,
               .benchmark = true},
              {.name = "one_element",
               .attributes = last,
               .inputs = {In::Normal({1}, 2, 0.1), In::Normal({1}, 1, 0.2)}},
              {.name = "empty", .attributes = last, .inputs = {In::Normal({0, 8}), In::Normal({8})}},
              {.name = "empty_rows",  // whose mean is not a number
               .attributes = last,
               .inputs = {In::Normal({3, 0}), In::Normal({0})},
               .optional_outputs = 2},
              {.name = "values",
               .attributes = last,
               .inputs = {In::Given(Tensor::Of<double>({1, 2}, x)),
                          In::Given(Tensor::Of<double>({2}, scale))},
               .expected = {Tensor::Of<double>({1, 2}, y)}},
          },
      .bad =
          {
              {.name = "scale_shape",
               .attributes = last,
               .inputs = {In::Normal({8, 256, 128}), In::Normal({64})},
               .error = "scale has shape [64], expected [128] (last dimension of x [8, 256, 128])"},
              {.name = "scale_type",
               .attributes = last,
               .inputs = {In::Normal({2, 4}), In::Integers({4}, 0, 2)},
               .error = "scale is i64"},
              {.name = "axis",
               .attributes = Attributes(RmsNormalizationOp{.axis = 3}),
               .inputs = {In::Normal({2, 4}), In::Normal({4})},
               .error = "axis"},
          },
  };
}

}  // namespace weft::ops::rms_normalization
