#include "ops/cases.h"

#include <limits>

#include "ops/multi_tensor_adam_w/op.h"

namespace weft::ops::multi_tensor_adam_w {
namespace {

using In = CaseInput;
using Op = MultiTensorAdamWOp;

In F64(std::vector<double> x) {
  return In::Given(Tensor::Of<double>({static_cast<int64_t>(x.size())}, std::span<const double>(x)));
}
In Rate(double lr) { return In::Given(Tensor::Scalar(lr)); }
In Step(int64_t step) { return In::Given(Tensor::Scalar(step)); }

Op Decays(std::vector<float> weight_decay, std::vector<int64_t> copied = {}) {
  return {.weight_decay = std::move(weight_decay), .copied = std::move(copied)};
}

// The second parameter has a copy, of 8 bits: 1 + 2^-8 and 1 + 3 * 2^-8 lie halfway, and go to the even
// neighbour, one down, one up.
Case Copies() {
  const double half = 0x1p-8;
  return {.name = "values_copied",
          .attributes = Attributes(Op{0.5f, 0.75f, 0, {0.5f, 0}, {1}}),
          .inputs = {Rate(0.125), Step(1), Rate(1), F64({1}), F64({1}), F64({0}), F64({0}),
                     F64({1.125 + half, -1.125 - 3 * half, 0.125}), F64({1, -1, 1}), F64({0, 0, 0}),
                     F64({0, 0, 0})},
          .expected = {F64({0.8125}).given, F64({0.5}).given, F64({0.25}).given,
                       F64({1 + half, -1 - 3 * half, 0}).given, F64({0.5, -0.5, 0.5}).given,
                       F64({0.25, 0.25, 0.25}).given, F64({1, -1 - 4 * half, 0}).given}};
}

// Parameters of these shapes.
std::vector<In> Random(const std::vector<Shape>& shapes, int64_t step) {
  std::vector<In> inputs = {In::Uniform({}, 0.01, 1), In::Integers({}, step, step + 1),
                            In::Uniform({}, 0.1, 2)};
  for (const Shape& shape : shapes) {
    inputs.push_back(In::Normal(shape));
    inputs.push_back(In::Normal(shape));
    inputs.push_back(In::Normal(shape, 0, 0.1));
    inputs.push_back(In::Uniform(shape, 0, 1));
  }
  return inputs;
}

// Both steps of ops/adam_w worked out by hand, with the settings of the first: m = 0.25, v = 0.0625, the
// quotient 1; the second parameter's gradient is four times as large, and it does not decay.
Case Values() {
  return {.name = "values",
          .attributes = Attributes(Op{0.5f, 0.75f, 0, {0.5f, 0}}),
          .inputs = {Rate(0.1), Step(1), Rate(0.5), F64({1}), F64({1}), F64({0}), F64({0}), F64({1, -2}),
                     F64({4, -4}), F64({0, 0}), F64({0, 0})},
          .expected = {F64({0.85}).given, F64({0.25}).given, F64({0.0625}).given, F64({0.9, -1.9}).given,
                       F64({1, -1}).given, F64({1, 1}).given}};
}

Case NotFinite(std::string name, double scale) {
  const std::vector<double> param = {1.5, -0.0, 1e-40}, m = {0.5, 0, -1e-40}, v = {4, 1e-40, 0};
  return {.name = std::move(name),
          .attributes = Attributes(Decays({0.1f, 0}, {0, 1})),
          .inputs = {Rate(1), Step(1), Rate(scale), F64(param), F64({1, 2, 3}), F64(m), F64(v), F64({7.001}),
                     F64({8}), F64({9}), F64({10})},
          .expected = {F64(param).given, F64(m).given, F64(v).given, F64({7.001}).given, F64({9}).given,
                       F64({10}).given, F64({1.5, -0.0, 0}).given, F64({7}).given}};
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, Op settings, std::vector<In> inputs, std::string error) {
    return BadCase{std::move(name), Attributes(std::move(settings)), std::move(inputs), std::move(error)};
  };
  const std::vector<In> two = Random({{3}, {2, 2}}, 1);
  std::vector<In> shape = two, type = two, rate = two, number = two, integers = two, left = two;
  shape[8] = In::Normal({4});
  type[7] = In::Integers({2, 2}, 0, 9);
  rate[0] = In::Normal({1});
  number[1] = Step(0);
  for (size_t i : {3, 4, 5, 6}) integers[i] = In::Integers({3}, 0, 9);
  left.pop_back();
  const Op fine = Decays({0, 0});
  return {
      bad("grad_shape", fine, shape, "grad 1 is f32[4], expected f32[2, 2] (that of param 1)"),
      bad("types", fine, type, "param 1 is i64, expected f32 (that of param 0)"),
      bad("vector_lr", fine, rate, "lr is f32[1], expected f32[]"),
      bad("step_zero", fine, number, "step is 0, expected 1 or more"),
      bad("integers", fine, integers, "tensors is i64"),
      bad("left_over", fine, left, "has 7 tensors, expected param, grad, m, v for each parameter"),
      bad("decays", Decays({0, 0, 0}), two, "weight_decay has 3 numbers, expected 2"),
      bad("copied_twice", Decays({0, 0}, {1, 1}), two,
          "copied has 1, expected positions of 2 parameters, ascending"),
      bad("copied_none", Decays({0, 0}, {0, 2}), two, "copied has 2, expected positions of 2"),
      bad("copied_negative", Decays({0, 0}, {-1}), two, "copied has -1, expected"),
      bad("decay", Decays({0, -1}), two, "weight_decay 1 is -1, expected 0 or more"),
      bad("beta1", {.beta1 = 1, .weight_decay = {0, 0}}, two, "beta1 is 1, expected 0 <= beta1 < 1"),
      bad("beta2", {.beta2 = -0.5f, .weight_decay = {0, 0}}, two, "beta2 is -0.5"),
      bad("epsilon", {.epsilon = -1, .weight_decay = {0, 0}}, two, "epsilon is -1"),
      bad("nothing", Decays({}), {Rate(1), Step(1), Rate(1)}, "is missing"),
  };
}

}  // namespace

OpCases Cases() {
  const double inf = std::numeric_limits<double>::infinity();
  return {
      .cases =
          {
              Values(),
              Copies(),
              NotFinite("scale_not_a_number", std::numeric_limits<double>::quiet_NaN()),
              NotFinite("scale_infinite", -inf),
              {.name = "one", .attributes = Attributes(Decays({0.1f})), .inputs = Random({{7, 5, 3}}, 10)},
              {.name = "odd",
               .attributes = Attributes(Decays({0.1f, 0, 0.2f, 0.1f})),
               .inputs = Random({{13, 7}, {}, {67}, {1}}, 2)},
              // A number in f32 may be rounded to the other neighbour than in f64: tests/ops compares copies'
              // bits.
              {.name = "copied",
               .attributes = Attributes(Decays({0.1f, 0, 0.2f, 0.1f}, {0, 1, 3})),
               .inputs = Random({{13, 7}, {}, {67}, {0, 3}}, 2),
               .tolerance = 0x1p-7},
              {.name = "some_empty",
               .attributes = Attributes(Decays({0.1f, 0.1f, 0, 0, 0.1f})),
               .inputs = Random({{0}, {3}, {2, 0}, {0}, {5}}, 3)},
              {.name = "all_empty",
               .attributes = Attributes(Decays({0.1f, 0.1f})),
               .inputs = Random({{0}, {4, 0}}, 1)},
              {.name = "no_moments",
               .attributes = Attributes(Op{.beta1 = 0, .beta2 = 0, .weight_decay = {0, 0.5f}}),
               .inputs = Random({{33}, {31}}, 100000)},
              // Threads meet within the first, within the third, and between parameters.
              {.name = "threads",
               .attributes = Attributes(Decays({0.1f, 0, 0.1f})),
               .inputs = Random({{20001}, {5}, {30000}}, 7)},
              {.name = "threads_between",
               .attributes = Attributes(Decays({0.1f, 0})),
               .inputs = Random({{32768}, {32768}}, 7)},
              {.name = "parameters",
               .attributes = Attributes(Decays({0.1f, 0.1f, 0.1f, 0})),
               .inputs = Random({{10000, 512}, {1536, 512}, {2688, 512}, {512}}, 7),
               .benchmark = true},
              {.name = "parameters_copied",
               .attributes = Attributes(Decays({0.1f, 0.1f, 0.1f, 0}, {0, 1, 2})),
               .inputs = Random({{10000, 512}, {1536, 512}, {2688, 512}, {512}}, 7),
               .benchmark = true},
          },
      .bad = Bad(),
  };
}

}  // namespace weft::ops::multi_tensor_adam_w
