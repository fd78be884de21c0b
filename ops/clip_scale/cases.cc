#include "ops/cases.h"

#include <limits>

#include "ops/clip_scale/op.h"

namespace weft::ops::clip_scale {
namespace {

Case Value(std::string name, float max_norm, std::vector<double> inputs, double scale, double mean_norm) {
  Case c{.name = std::move(name), .attributes = Attributes(ClipScaleOp{max_norm}), .optional_outputs = 2};
  for (double x : inputs) c.inputs.push_back(CaseInput::Given(Tensor::Scalar(x)));
  c.expected = {Tensor::Scalar(scale), Tensor::Scalar(mean_norm)};
  return c;
}

}  // namespace

OpCases Cases() {
  using In = CaseInput;
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  return {
      .cases =
          {
              Value("clipped", 1, {4}, 1 / (4 + 1e-6), 4),
              Value("short_enough", 1, {0.5}, 1, 0.5),
              Value("zero", 1, {0}, 1, 0),
              Value("off", 0, {4}, 1, 4),
              Value("mean_clipped", 0.5, {8, 4}, 0.5 / (2 + 1e-6) / 4, 2),
              Value("mean_short_enough", 4, {8, 4}, 0.25, 2),
              Value("mean_off", 0, {8, 4}, 0.25, 2),
              Value("infinite", 1, {inf}, nan, inf),
              Value("not_a_number", 0, {nan, 3}, nan, nan),
              Value("no_tokens", 1, {0, 0}, nan, nan),
              {.name = "uniform",
               .attributes = Attributes(ClipScaleOp{1.5f}),
               .inputs = {In::Uniform({}, 1, 9), In::Uniform({}, 1, 3)}},
          },
      .bad = {{.name = "negative",
               .attributes = Attributes(ClipScaleOp{-1}),
               .inputs = {In::Normal({})},
               .error = "max_norm is -1, expected 0 (no clipping) or a positive number"},
              {.name = "vector",
               .attributes = Attributes(ClipScaleOp{1}),
               .inputs = {In::Normal({1})},
               .error = "norm is f32[1], expected f32[]"},
              {.name = "count",
               .attributes = Attributes(ClipScaleOp{1}),
               .inputs = {In::Normal({}), In::Integers({}, 1, 9)},
               .error = "count is i64[], expected f32[] (that of norm)"}},
  };
}

}  // namespace weft::ops::clip_scale
