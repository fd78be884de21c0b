#include "ops/cases.h"

#include "ops/rms_normalization_grad/op.h"

namespace weft::ops::rms_normalization_grad {

OpCases Cases() {
  using In = CaseInput;
  const auto last = Attributes(RmsNormalizationGradOp{});
  return {
      .cases =
          {
              {.name = "rows",
               .attributes = last,
               .inputs = {In::Normal({3, 5, 37}), In::Normal({37}), In::Normal({3, 5, 37}),
                          In::Uniform({3, 5, 1}, 0.5, 2)}},
              {.name = "two_axes",
               .attributes = Attributes(RmsNormalizationGradOp{1}),
               .inputs = {In::Normal({3, 4, 5}), In::Normal({4, 5}), In::Normal({3, 4, 5}),
                          In::Uniform({3, 1, 1}, 0.5, 2)}},
              {.name = "accumulator",
               .attributes = last,
               .inputs = {In::Normal({3, 5, 37}), In::Normal({37}), In::Normal({3, 5, 37}),
                          In::Uniform({3, 5, 1}, 0.5, 2), In::Normal({3, 5, 37})}},
              {.name = "many_rows",
               .attributes = last,
               .inputs = {In::Normal({700, 65}), In::Normal({65}), In::Normal({700, 65}),
                          In::Uniform({700, 1}, 0.5, 2)},
               .gradient = false},
              {.name = "cs336",
               .attributes = last,
               .inputs = {In::Normal({2048, 512}), In::Normal({512}), In::Normal({2048, 512}),
                          In::Uniform({2048, 1}, 0.5, 2)},
               .gradient = false,
               .benchmark = true},
              {.name = "empty",
               .attributes = last,
               .inputs = {In::Normal({0, 8}), In::Normal({8}), In::Normal({0, 8}), In::Normal({0, 1})}},
          },
      .bad = {{.name = "rows",
               .attributes = last,
               .inputs = {In::Normal({2, 4}), In::Normal({4}), In::Normal({2, 4}), In::Normal({2, 4})},
               .error = "inv_rms has shape [2, 4], expected [2, 1]"},
              {.name = "accumulator",
               .attributes = last,
               .inputs = {In::Normal({2, 4}), In::Normal({4}), In::Normal({2, 4}), In::Normal({2, 1}),
                          In::Normal({4})},
               .error = "accumulator has shape [4], expected [2, 4]"}},
  };
}

}  // namespace weft::ops::rms_normalization_grad
