// MultiTensorAdamW gives each parameter the bits of AdamW alone and each copy those of Cast, however threads
// share the elements.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "ops/adam_w/op.h"
#include "ops/case_inputs.h"
#include "ops/cast/op.h"
#include "ops/evaluate.h"
#include "ops/multi_tensor_adam_w/op.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

using In = CaseInput;
using ops::AdamWOp;
using ops::MultiTensorAdamWOp;

using Tensors = std::vector<std::optional<Tensor>>;

// Ranges of threads begin and end within vectors and within the chunks that are copied.
const std::vector<Shape> kShapes = {{20001}, {5}, {0, 7}, {33000}, {3, 1024}, {1}};
const std::vector<float> kDecays = {0.1f, 0, 0.5f, 0.1f, 0.2f, 0};

Tensors Inputs(double scale) {
  std::vector<In> inputs = {In::Given(Tensor::Scalar(0.01)), In::Given(Tensor::Scalar<int64_t>(3)),
                            In::Given(Tensor::Scalar(scale))};
  for (const Shape& shape : kShapes) {
    inputs.insert(inputs.end(), {In::Normal(shape), In::Normal(shape), In::Normal(shape, 0, 0.1),
                                 In::Uniform(shape, 0, 1)});
  }
  return MakeInputs(inputs, DataType::kF32);
}

std::vector<Tensor> Evaluate(const OpDef& op, const void* attributes, std::span<const Tensor* const> inputs,
                             const KernelContext& context) {
  auto outputs = EvaluateNode(op, attributes, inputs, 0, context);
  EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
  return outputs.ok() ? *std::move(outputs) : std::vector<Tensor>();
}

// In the order of the operator's results.
std::vector<Tensor> EachAlone(const MultiTensorAdamWOp& op, const Tensors& inputs, bool plain) {
  std::vector<Tensor> results;
  const auto at = [&](size_t i) { return &*inputs[i]; };
  for (size_t p = 0; p < kShapes.size(); ++p) {
    const AdamWOp settings{op.beta1, op.beta2, op.epsilon, op.weight_decay[p]};
    const size_t k = MultiTensorAdamWOp::Input(p);
    const Tensor* operands[] = {at(k), at(k + 1), at(k + 2), at(k + 3), at(0), at(1), at(2)};
    for (Tensor& t : Evaluate(AdamWOp::def, &settings, operands, {1, plain})) results.push_back(std::move(t));
  }
  for (int64_t p : op.copied) {
    const ops::CastOp cast{.to = DataType::kBF16};
    const Tensor* param = &results[MultiTensorAdamWOp::Output(static_cast<size_t>(p))];
    results.push_back(Evaluate(ops::CastOp::def, &cast, std::span(&param, 1), {1, plain})[0]);
  }
  return results;
}

class MultiTensorAdamW : public ::testing::TestWithParam<int> {};

TEST_P(MultiTensorAdamW, HasTheBitsOfAdamWAndCastOnAnyNumberOfThreads) {
  const MultiTensorAdamWOp op{.weight_decay = kDecays, .copied = {0, 2, 3, 4, 5}};
  for (const double scale : {0.25, std::numeric_limits<double>::infinity()}) {
    const Tensors inputs = Inputs(scale);
    for (const bool plain : {false, true}) {
      const std::vector<Tensor> want = EachAlone(op, inputs, plain);
      const std::vector<Tensor> got =
          Evaluate(MultiTensorAdamWOp::def, &op, Pointers(inputs), {GetParam(), plain});
      ASSERT_EQ(got.size(), want.size());
      for (size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].dtype(), want[i].dtype());
        ASSERT_EQ(got[i].shape(), want[i].shape());
        EXPECT_EQ(std::memcmp(got[i].data(), want[i].data(), got[i].size_bytes()), 0)
            << "result " << i << ", scale " << scale << (plain ? ", plain" : "");
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, MultiTensorAdamW, ::testing::Values(1, 2, 3, 7));

}  // namespace
}  // namespace weft::test
