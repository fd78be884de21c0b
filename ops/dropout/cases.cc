// What is kept is tested by statistics and against RandomUniform in tests/ops/dropout_test.cc.
#include "ops/cases.h"

#include <cmath>
#include <limits>

#include "ops/dropout/op.h"

namespace weft::ops::dropout {
namespace {

using In = CaseInput;

In Number(int64_t x) { return In::Given(Tensor::Scalar(x)); }

Case Training(std::string name, float ratio, Shape shape, bool masked = true) {
  return {.name = std::move(name),
          .attributes = Attributes(DropoutOp{.ratio = ratio, .training_mode = true, .stream = 3}),
          .inputs = {In::Normal(std::move(shape)), Number(17), Number(2), Number(5)},
          .optional_outputs = masked ? 2u : 0u};
}

std::vector<Case> Identities() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double x[] = {1.5, -0.0, nan, -2};
  const bool all[] = {true, true, true, true};
  auto given = [&] { return In::Given(Tensor::Of<double>({2, 2}, x)); };
  const std::vector<Tensor> same = {Tensor::Of<double>({2, 2}, x), Tensor::Of<bool>({2, 2}, all)};
  return {
      {.name = "inference",
       .attributes = Attributes(DropoutOp{}),
       .inputs = {given()},
       .optional_outputs = 2,
       .gradient = false,
       .expected = same},
      {.name = "ratio_zero",
       .attributes = Attributes(DropoutOp{.ratio = 0, .training_mode = true}),
       .inputs = {given(), Number(1)},
       .optional_outputs = 2,
       .gradient = false,
       .expected = same},
  };
}

}  // namespace

OpCases Cases() {
  OpCases all{
      .cases =
          {
              Training("half", 0.5f, {5, 7, 3}),
              Training("tenth", 0.1f, {67}),
              Training("most", 0.99f, {3, 11}, false),
              Training("scalar", 0.25f, {}),
              Training("empty", 0.25f, {0, 4}),
              {.name = "seed_attribute",
               .attributes = Attributes(DropoutOp{.training_mode = true, .seed = 5}),
               .inputs = {In::Normal({4, 9})}},
              {.name = "seed_only",
               .attributes = Attributes(DropoutOp{.ratio = 0.75f, .training_mode = true}),
               .inputs = {In::Normal({4, 9}), Number(-8)}},
              {.name = "threads",
               .attributes = Attributes(DropoutOp{.ratio = 0.2f, .training_mode = true}),
               .inputs = {In::Normal({19, 1733}), Number(1), In::Absent(), Number(3)},
               .optional_outputs = 2,
               .gradient = false},
              {.name = "activations",
               .attributes = Attributes(DropoutOp{.ratio = 0.1f, .training_mode = true}),
               .inputs = {In::Normal({8, 256, 512}), Number(1), Number(1), Number(0)},
               .benchmark = true},
          },
      .bad = {{.name = "ratio_one",
               .attributes = Attributes(DropoutOp{.ratio = 1}),
               .inputs = {In::Normal({3})},
               .error = "ratio is 1, expected 0 <= ratio < 1"},
              {.name = "ratio_nan",
               .attributes = Attributes(DropoutOp{.ratio = NAN}),
               .inputs = {In::Normal({3})},
               .error = "ratio is nan"},
              {.name = "integers",
               .attributes = Attributes(DropoutOp{}),
               .inputs = {In::Integers({3}, 0, 9)},
               .error = "data is i64, expected one of f32, f64"},
              {.name = "float_seed",
               .attributes = Attributes(DropoutOp{}),
               .inputs = {In::Normal({3}), In::Normal({})},
               .error = "seed is f32[], expected i64[]"},
              {.name = "negative_row",
               .attributes = Attributes(DropoutOp{.training_mode = true}),
               .inputs = {In::Normal({3}), Number(1), Number(1), Number(-2)},
               .error = "row is -2, expected 0 or more"}},
  };
  for (Case& c : Identities()) all.cases.push_back(std::move(c));
  return all;
}

}  // namespace weft::ops::dropout
