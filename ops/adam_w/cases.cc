#include "ops/cases.h"

#include <limits>

#include "ops/adam_w/op.h"

namespace weft::ops::adam_w {
namespace {

using In = CaseInput;

In F64(std::vector<double> x) {
  return In::Given(Tensor::Of<double>({static_cast<int64_t>(x.size())}, std::span<const double>(x)));
}
In Rate(double lr) { return In::Given(Tensor::Scalar(lr)); }
In Step(int64_t step) { return In::Given(Tensor::Scalar(step)); }
std::vector<Tensor> Results(std::vector<double> param, std::vector<double> m, std::vector<double> v) {
  return {F64(std::move(param)).given, F64(std::move(m)).given, F64(std::move(v)).given};
}

// The third step of torch.optim.AdamW in f64, whose gradient is given here doubled and scaled by 1/2.
Case ThirdStep() {
  return {
      .name = "values_third_step",
      .attributes = Attributes(AdamWOp{0.875f, 0.96875f, 1.0f / (1 << 20), 0.25f}),
      .inputs = {F64({0.9753794811595793, -1.9850740509510538, 0.49001985028055906, -0.009308328894776235}),
                 F64({-1, 4, 2, 2}), F64({0.1796875, 0.265625, 0.03125, -0.03125}),
                 F64({0.038818359375, 0.3115234375, 0.001953125, 0.24609375}), Rate(0.01), Step(3),
                 Rate(0.5)},
      .expected =
          Results({0.9688821551834095, -1.9868545999624405, 0.4811532461167854, -0.011002351955825307},
                  {0.0947265625, 0.482421875, 0.15234375, 0.09765625},
                  {0.04541778564453125, 0.426788330078125, 0.03314208984375, 0.2696533203125})};
}

Case NotFinite(std::string name, double scale) {
  return {.name = std::move(name),
          .attributes = Attributes(AdamWOp{}),
          .inputs = {F64({1.5, -0.0, 1e-40}), F64({1, 2, 3}), F64({0.5, 0, -1e-40}), F64({4, 1e-40, 0}),
                     Rate(1), Step(1), Rate(scale)},
          .expected = Results({1.5, -0.0, 1e-40}, {0.5, 0, -1e-40}, {4, 1e-40, 0})};
}

std::vector<In> Random(Shape shape, int64_t step, bool scaled) {
  return {In::Normal(shape),
          In::Normal(shape),
          In::Normal(shape, 0, 0.1),
          In::Uniform(shape, 0, 1),
          In::Uniform({}, 0.01, 1),
          In::Integers({}, step, step + 1),
          scaled ? In::Uniform({}, 0.1, 2) : In::Absent()};
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, AdamWOp settings, std::vector<In> inputs, std::string error) {
    return BadCase{std::move(name), Attributes(settings), std::move(inputs), std::move(error)};
  };
  std::vector<In> shape = Random({3}, 1, false), rate = shape, number = shape, integers = shape;
  shape[1] = In::Normal({4});
  rate[4] = In::Normal({1});
  number[5] = Step(0);
  integers[0] = In::Integers({3}, 0, 9);
  return {
      bad("grad_shape", {}, shape, "grad is f32[4], expected f32[3] (that of param)"),
      bad("vector_lr", {}, rate, "lr is f32[1], expected f32[]"),
      bad("step_zero", {}, number, "step is 0, expected 1 or more"),
      bad("integer_param", {}, integers, "param is i64"),
      bad("beta1", {.beta1 = 1}, Random({3}, 1, true), "beta1 is 1, expected 0 <= beta1 < 1"),
      bad("beta2", {.beta2 = -0.5f}, Random({3}, 1, true), "beta2 is -0.5"),
      bad("epsilon", {.epsilon = -1}, Random({3}, 1, true), "epsilon is -1"),
      bad("decay", {.weight_decay = -1}, Random({3}, 1, true), "weight_decay is -1"),
  };
}

}  // namespace

OpCases Cases() {
  const double inf = std::numeric_limits<double>::infinity();
  const AdamWOp exact{0.5f, 0.75f, 0, 0.5f};
  return {
      .cases =
          {
              // m = 0.25, v = 0.0625; corrected 0.5 and 0.25: the quotient is 1.
              {.name = "values_first_step",
               .attributes = Attributes(exact),
               .inputs = {F64({1}), F64({0.5}), F64({0}), F64({0}), Rate(0.1), Step(1)},
               .expected = Results({0.85}, {0.25}, {0.0625})},
              ThirdStep(),
              NotFinite("scale_not_a_number", std::numeric_limits<double>::quiet_NaN()),
              NotFinite("scale_infinite", -inf),
              {.name = "scalar", .attributes = Attributes(AdamWOp{}), .inputs = Random({}, 2, true)},
              {.name = "odd", .attributes = Attributes(AdamWOp{}), .inputs = Random({7, 5, 3}, 10, true)},
              {.name = "no_scale",
               .attributes = Attributes(AdamWOp{}),
               .inputs = Random({67}, 100000, false)},
              {.name = "no_decay",
               .attributes = Attributes(AdamWOp{.beta1 = 0, .beta2 = 0.95f, .weight_decay = 0}),
               .inputs = Random({33}, 3, true)},
              {.name = "empty", .attributes = Attributes(AdamWOp{}), .inputs = Random({0, 4}, 1, true)},
              {.name = "threads", .attributes = Attributes(AdamWOp{}), .inputs = Random({50001}, 7, true)},
              {.name = "embedding",
               .attributes = Attributes(AdamWOp{}),
               .inputs = Random({10000, 512}, 7, true),
               .benchmark = true},
          },
      .bad = Bad(),
  };
}

}  // namespace weft::ops::adam_w
