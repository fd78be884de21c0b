// Dropout: what is kept is RandomUniform's draw, the rate is right, splits agree, and the gradient's mask is
// the same.
#include <cmath>

#include "ops/dropout/op.h"
#include "ops/random_uniform/op.h"
#include "tests/ops/draws.h"

namespace weft {
namespace {

using ops::DropoutOp, ops::RandomUniformOp;

Tensor Ones(Shape shape) {
  Tensor t = Tensor::Zeros(DataType::kF32, std::move(shape));
  for (float& v : t.as_mutable<float>()) v = 1;
  return t;
}

std::vector<Tensor> Drop(const DropoutOp& a, const Tensor& x, const Place& at,
                         const KernelContext& context = {}) {
  const Tensor seed = Tensor::Scalar(at.seed), step = Tensor::Scalar(at.step), row = Tensor::Scalar(at.row);
  const Tensor* inputs[] = {&x, &seed, &step, &row};
  StatusOr<std::vector<Tensor>> out = EvaluateNode(DropoutOp::def, &a, inputs, 2, context);
  EXPECT_TRUE(out.ok()) << out.status();
  return out.ok() ? *out : std::vector<Tensor>(2);
}

TEST(Dropout, KeepsWhereTheUniformDrawIsBelow) {
  for (float ratio : {0.1f, 0.3f, 0.5f, 0.999f}) {
    const DropoutOp a{.ratio = ratio, .training_mode = true, .stream = 12};
    const RandomUniformOp u{.shape = {13, 1001}, .stream = 12};
    const Place place{.seed = 5, .step = 9, .row = 70};
    const Tensor draws = Draw(u, place);
    for (int threads : {1, 2}) {
      const std::vector<Tensor> out = Drop(a, Ones({13, 1001}), place, {.threads = threads});
      for (size_t i = 0; i < 13 * 1001; ++i) {
        const bool keep = draws.as<float>()[i] < 1 - ratio;
        ASSERT_EQ(out[1].as<bool>()[i], keep);
        ASSERT_EQ(out[0].as<float>()[i], keep ? 1 / (1 - ratio) : 0);
      }
    }
  }
}

TEST(Dropout, Rate) {
  for (float ratio : {0.1f, 0.5f, 0.9f}) {
    const DropoutOp a{.ratio = ratio, .training_mode = true};
    const std::vector<Tensor> out = Drop(a, Ones({1000000}), {.seed = 3});
    double kept = 0;
    for (bool b : out[1].as<bool>()) kept += b;
    EXPECT_LT(std::abs(kept - 1e6 * (1 - ratio)) / std::sqrt(1e6 * ratio * (1 - ratio)), 4) << ratio;
    EXPECT_NEAR(Mean(out[0].as<float>()), 1, 0.02);
  }
}

TEST(Dropout, SplitsKeepTheSame) {
  const DropoutOp a{.ratio = 0.4f, .training_mode = true, .stream = 1};
  const std::vector<Tensor> whole = Drop(a, Ones({6, 5, 3}), {.row = 4});
  for (int64_t row = 0; row < 6; ++row) {
    const std::vector<Tensor> part = Drop(a, Ones({1, 5, 3}), {.row = 4 + row});
    for (size_t i = 0; i < 15; ++i)
      EXPECT_EQ(part[0].as<float>()[i], whole[0].as<float>()[static_cast<size_t>(row) * 15 + i]);
  }
}

TEST(Dropout, MultipliesWhatIsNotFinite) {
  Tensor x = Tensor::Zeros(DataType::kF32, {64});
  for (float& v : x.as_mutable<float>()) v = INFINITY;
  const std::vector<Tensor> out = Drop({.training_mode = true}, x, {});
  for (size_t i = 0; i < 64; ++i) {
    const float y = out[0].as<float>()[i];
    EXPECT_TRUE(out[1].as<bool>()[i] ? y == INFINITY : std::isnan(y));
  }
}

}  // namespace
}  // namespace weft
