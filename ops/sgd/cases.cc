#include "ops/cases.h"

#include <limits>

#include "ops/sgd/op.h"

namespace weft::ops::sgd {
namespace {

using In = CaseInput;

In F64(std::vector<double> x) {
  return In::Given(Tensor::Of<double>({static_cast<int64_t>(x.size())}, std::span<const double>(x)));
}
In Scalar(double x) { return In::Given(Tensor::Scalar(x)); }

// The third step of torch.optim.SGD (f64, lr 0.25, momentum 0.5, weight decay 0.125); grad given doubled.
Case ThirdStep(bool nesterov, std::vector<double> param, std::vector<double> buffer,
               std::vector<double> new_param, std::vector<double> new_buffer) {
  return {.name = nesterov ? "values_nesterov" : "values_momentum",
          .attributes = Attributes(SGDOp{0.5f, 0.125f, nesterov}),
          .inputs = {F64(std::move(param)), F64({-1, 4, 2, 2}), F64(std::move(buffer)), Scalar(0.25),
                     Scalar(0.5)},
          .optional_outputs = 2,
          .expected = {F64(std::move(new_param)).given, F64(std::move(new_buffer)).given}};
}

Case Random(std::string name, SGDOp settings, Shape shape, bool scaled) {
  Case c{.name = std::move(name), .attributes = Attributes(settings)};
  const bool momentum = settings.momentum > 0;
  c.inputs = {In::Normal(shape), In::Normal(shape), momentum ? In::Normal(shape) : In::Absent(),
              In::Uniform({}, 0.01, 1), scaled ? In::Uniform({}, 0.1, 2) : In::Absent()};
  c.optional_outputs = momentum ? 2 : 0;
  return c;
}

std::vector<BadCase> Bad() {
  auto bad = [](std::string name, SGDOp settings, In buffer, std::string error) {
    return BadCase{std::move(name),
                   Attributes(settings),
                   {In::Normal({3}), In::Normal({3}), std::move(buffer), In::Normal({})},
                   std::move(error)};
  };
  return {
      bad("no_buffer", {.momentum = 0.5f}, In::Absent(), "momentum is 0.5, but there is no momentum buffer"),
      bad("a_buffer", {}, In::Normal({3}), "momentum is 0, but there is a momentum buffer"),
      bad("buffer_shape", {.momentum = 0.5f}, In::Normal({2}),
          "buffer is f32[2], expected f32[3] (that of param)"),
      bad("momentum", {.momentum = 1}, In::Normal({3}), "momentum is 1, expected 0 <= momentum < 1"),
      bad("decay", {.weight_decay = -1}, In::Absent(), "weight_decay is -1"),
      bad("nesterov", {.nesterov = true}, In::Absent(), "nesterov needs a momentum above 0"),
  };
}

}  // namespace

OpCases Cases() {
  const SGDOp momentum{.momentum = 0.9f, .weight_decay = 0.1f}, nesterov{0.9f, 0, true};
  return {
      .cases =
          {
              ThirdStep(false, {0.4892578125, -2.228515625, 0.39892578125, -0.234375},
                        {1.41796875, 2.1640625, 0.341796875, -1.0625},
                        {0.421722412109375, -2.92938232421875, 0.0937347412109375, -0.34423828125},
                        {0.2701416015625, 2.803466796875, 1.22076416015625, 0.439453125}),
              ThirdStep(true, {0.315673828125, -2.50634765625, 0.3565673828125, -0.08984375},
                        {1.408203125, 2.18359375, 0.3408203125, -1.09375},
                        {0.4003639221191406, -3.2753372192382812, -0.05644798278808594, -0.39227294921875},
                        {0.243560791015625, 2.77850341796875, 1.2149810791015625, 0.44189453125}),
              {.name = "scale_infinite",
               .attributes = Attributes(momentum),
               .inputs = {F64({1.5, -0.0}), F64({1, 2}), F64({-0.0, 1e-40}), Scalar(1),
                          Scalar(std::numeric_limits<double>::infinity())},
               .optional_outputs = 2,
               .expected = {F64({1.5, -0.0}).given, F64({-0.0, 1e-40}).given}},
              Random("plain", {}, {7, 5, 3}, true),
              Random("decay", {.weight_decay = 0.1f}, {33}, false),
              Random("momentum", momentum, {67}, true),
              Random("nesterov", nesterov, {5, 9}, false),
              Random("scalar", momentum, {}, true),
              Random("empty", momentum, {0, 4}, true),
              Random("threads", momentum, {50001}, true),
          },
      .bad = Bad(),
  };
}

}  // namespace weft::ops::sgd
