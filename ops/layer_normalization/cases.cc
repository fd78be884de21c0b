#include "ops/common/cases.h"

#include "ops/layer_normalization/op.h"

namespace weft::ops::layer_normalization {
namespace {

using In = CaseInput;

std::vector<BadCase> Bad() {
  const auto last = Attributes(LayerNormalizationOp{});
  return {
      {.name = "scale_shape",
       .attributes = last,
       .inputs = {In::Normal({8, 256, 128}), In::Normal({64})},
       .error = "Scale has shape [64], expected [128] (last dimension of x [8, 256, 128])"},
      {.name = "bias_shape",
       .attributes = Attributes(LayerNormalizationOp{.axis = 1}),
       .inputs = {In::Normal({2, 3, 4}), In::Normal({3, 4}), In::Normal({4, 3})},
       .error = "B has shape [4, 3], expected [3, 4] (last dimensions of x [2, 3, 4])"},
      {.name = "scale_type",
       .attributes = last,
       .inputs = {In::Normal({2, 4}), In::Integers({4}, 0, 2)},
       .error = "Scale is i64, expected f32"},
      {.name = "axis",
       .attributes = Attributes(LayerNormalizationOp{.axis = 2}),
       .inputs = {In::Normal({2, 4}), In::Normal({4})},
       .error = "axis is 2, expected -2 to 1"},
      {.name = "scalar",
       .attributes = last,
       .inputs = {In::Normal({}), In::Normal({})},
       .error = "x is a scalar"},
      {.name = "epsilon",
       .attributes = Attributes(LayerNormalizationOp{.epsilon = -1.0f}),
       .inputs = {In::Normal({2, 4}), In::Normal({4})},
       .error = "epsilon is -1"},
      {.name = "stash_type",
       .attributes = Attributes(LayerNormalizationOp{.stash_type = 7}),
       .inputs = {In::Normal({2, 4}), In::Normal({4})},
       .error = "stash_type is 7"},
  };
}

}  // namespace

OpCases Cases() {
  const auto last = Attributes(LayerNormalizationOp{});
  const auto second = Attributes(LayerNormalizationOp{.axis = 1, .epsilon = 1e-3f});
  auto gain = [](Shape shape) { return In::Normal(std::move(shape), 1, 0.2); };
  return {
      .cases =
          {
              {.name = "rows",
               .attributes = last,
               .inputs = {In::Normal({3, 5, 37}), gain({37}), In::Normal({37})}},
              {.name = "no_bias", .attributes = last, .inputs = {In::Normal({4, 19}, 3, 2), gain({19})}},
              {.name = "statistics",
               .attributes = last,
               .inputs = {In::Normal({4, 65}), gain({65}), In::Normal({65})},
               .optional_outputs = 6},
              {.name = "only_inverse",
               .attributes = last,
               .inputs = {In::Normal({4, 8}), gain({8})},
               .optional_outputs = 4},
              {.name = "two_axes",
               .attributes = second,
               .inputs = {In::Normal({3, 4, 5}), gain({4, 5}), In::Normal({4, 5})}},
              {.name = "all_axes",
               .attributes = Attributes(LayerNormalizationOp{.axis = -3}),
               .inputs = {In::Normal({2, 3, 5}), gain({2, 3, 5}), In::Normal({2, 3, 5})}},
              {.name = "scale_broadcasts",
               .attributes = second,
               .inputs = {In::Normal({3, 4, 5}), gain({4, 1}), In::Normal({5})}},
              {.name = "scale_by_row",
               .attributes = last,
               .inputs = {In::Normal({3, 6}), gain({3, 1}), In::Normal({6})}},
              {.name = "scalar_scale", .attributes = last, .inputs = {In::Normal({3, 6}), gain({})}},
              {.name = "one_element",
               .attributes = last,
               .inputs = {In::Normal({1}), gain({1}), In::Normal({1})}},
              {.name = "no_rows",
               .attributes = last,
               .inputs = {In::Normal({0, 8}), gain({8}), In::Normal({8})}},
              {.name = "no_columns", .attributes = last, .inputs = {In::Normal({3, 0}), gain({0})}},
              {.name = "many_rows",
               .attributes = last,
               .inputs = {In::Normal({300, 129}), gain({129}), In::Normal({129})},
               .gradient = false},
              {.name = "gpt2",
               .attributes = last,
               .inputs = {In::Normal({8, 1024, 768}), gain({768}), In::Normal({768})},
               .gradient = false,
               .benchmark = true},
              {.name = "values",
               .attributes = Attributes(LayerNormalizationOp{.epsilon = 0}),
               .inputs = {Given({1, 4}, {1, 2, 3, 4}), Given({4}, {1, 1, 2, 1}), Given({4}, {0, 0, 0, 10})},
               .optional_outputs = 6,
               // mean 2.5, variance 1.25
               .expected = {Doubles({1, 4}, {-1.3416408, -0.4472136, 0.8944272, 11.3416408}),
                            Doubles({1, 1}, {2.5}), Doubles({1, 1}, {0.8944272})}},
          },
      .bad = Bad(),
  };
}

}  // namespace weft::ops::layer_normalization
