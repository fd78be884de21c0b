// RMSNorm and LayerNorm as layers: what they compute, what their parameters are called, and what they say
// where the gain does not fit.
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/compile.h"
#include "frontends/layers/norm.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"

namespace weft {
namespace {

constexpr int64_t kRows = 3, kDim = 5;

// A module with one layer under a path of its own.
template <class Layer>
class Model : public Module {
 public:
  template <class... Args>
  explicit Model(Args... args) : layer_(Register<Layer>("blocks.3.ln1", args...)) {}
  Layer& layer_;
};

std::vector<float> Input() {
  std::vector<float> x;
  for (int i = 0; i < kRows * kDim; ++i) x.push_back(static_cast<float>(std::sin(i) * 3 + i % 4));
  return x;
}

// The layer's output for Input(), with parameters 1 + i/8 (weight) and i/4 (bias).
template <class Layer>
std::vector<float> Compute(const Layer& layer) {
  Graph graph;
  Builder b(graph);
  b.Output(layer.Forward(b.Input("x", {DataType::kF32, {kRows, kDim}})), "y");
  EXPECT_TRUE(b.status().ok()) << Message(b.status());
  const CpuTarget target;
  Session session;
  auto program = Compile(graph, {}, target);
  EXPECT_TRUE(program.ok()) << Message(program.status());
  Executor& e = *session.AddProgram("p", *std::move(program)).value();
  for (const auto& state : session.states()) {
    Tensor value = Tensor::Zeros(DataType::kF32, state->shape);
    const bool weight = state->name == "blocks.3.ln1.weight";
    EXPECT_TRUE(weight || state->name == "blocks.3.ln1.bias") << state->name;
    for (int64_t i = 0; i < kDim; ++i) {
      const auto at = static_cast<double>(i);
      SetElementFromDouble(value, i, weight ? 1 + at / 8 : at / 4);
    }
    EXPECT_TRUE(session.SetState(state->name, value).ok());
  }
  EXPECT_TRUE(e.SetInput("x", Tensor::Of<float>({kRows, kDim}, Input())).ok());
  EXPECT_TRUE(e.Run().ok());
  const Tensor y = e.Output("y").value();
  return {y.as<float>().begin(), y.as<float>().end()};
}

// (x - shift) / sqrt(mean((x - shift)^2) + 1e-5) * weight (+ bias), shift: the mean, or 0.
std::vector<double> Formula(bool centred, bool bias) {
  std::vector<double> y;
  const std::vector<float> x = Input();
  for (int64_t r = 0; r < kRows; ++r) {
    double mean = 0, square = 0;
    for (int64_t i = 0; i < kDim; ++i)
      mean += static_cast<double>(x[static_cast<size_t>(r * kDim + i)]) / kDim;
    if (!centred) mean = 0;
    for (int64_t i = 0; i < kDim; ++i) {
      square += std::pow(static_cast<double>(x[static_cast<size_t>(r * kDim + i)]) - mean, 2) / kDim;
    }
    for (int64_t i = 0; i < kDim; ++i) {
      const double normal =
          (static_cast<double>(x[static_cast<size_t>(r * kDim + i)]) - mean) / std::sqrt(square + 1e-5);
      const auto at = static_cast<double>(i);
      y.push_back(normal * (1 + at / 8) + (bias ? at / 4 : 0));
    }
  }
  return y;
}

void ExpectNear(const std::vector<float>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(static_cast<double>(got[i]), expected[i], 1e-5) << i;
}

TEST(NormLayers, RmsNorm) {
  const Model<RmsNorm> model(kDim);
  EXPECT_EQ(model.NumParameters(), kDim);
  ExpectNear(Compute(model.layer_), Formula(false, false));
}

TEST(NormLayers, LayerNorm) {
  const Model<LayerNorm> model(kDim);
  EXPECT_EQ(model.NumParameters(), 2 * kDim);
  ExpectNear(Compute(model.layer_), Formula(true, true));
}

TEST(NormLayers, LayerNormWithoutBias) {
  const Model<LayerNorm> model(kDim, 1e-5F, false);
  EXPECT_EQ(model.NumParameters(), kDim);
  ExpectNear(Compute(model.layer_), Formula(true, false));
}

template <class Layer, class... Args>
std::string ErrorOn(const Dims& shape, Args... args) {
  Graph graph;
  Builder b(graph);
  const Model<Layer> model(args...);
  const Var y = model.layer_.Forward(b.Input("x", {DataType::kF32, shape}));
  EXPECT_FALSE(y.valid());
  return Message(b.status());
}

TEST(NormLayers, AGainOfTheWrongShapeIsNamed) {
  EXPECT_EQ(ErrorOn<RmsNorm>({8, 256, 128}, 64),
            "RMSNormalization 'blocks.3.ln1': scale has shape [64], expected [128] (last dimension of x "
            "[8, 256, 128])");
  EXPECT_EQ(ErrorOn<LayerNorm>({8, 256, 128}, 64),
            "LayerNormalization 'blocks.3.ln1': Scale has shape [64], expected [128] (last dimension of x "
            "[8, 256, 128])");
}

TEST(NormLayers, AGainThatIsNoFloatIsNamed) {
  EXPECT_EQ(ErrorOn<RmsNorm>({2, 64}, 64, 1e-5F, DataType::kI64),
            "RMSNormalization 'blocks.3.ln1': scale is i64, expected f32 (that of x)");
  EXPECT_EQ(ErrorOn<LayerNorm>({2, 64}, 64, 1e-5F, true, DataType::kI32),
            "LayerNormalization 'blocks.3.ln1': Scale is i32, expected f32 (that of x)");
}

// Random integers do not exist: an error of the builder, not a crash.
TEST(NormLayers, AnInitialValueThatCannotBeIsAnError) {
  class Odd : public Module {
   public:
    Odd() : weight_(AddParameter("weight", {DataType::kI64, {4}}, Initializer::Normal(0, 1))) {}
    const Parameter& weight_;
  };
  Graph graph;
  Builder b(graph);
  const Odd odd;
  EXPECT_FALSE(odd.weight_.In(b).valid());
  EXPECT_NE(Message(b.status()).find("the initial value of 'weight'"), std::string::npos)
      << Message(b.status());
}

}  // namespace
}  // namespace weft
