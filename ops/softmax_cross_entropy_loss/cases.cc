#include "ops/cases.h"

#include "ops/softmax_cross_entropy_loss/op.h"

namespace weft::ops::softmax_cross_entropy_loss {

OpCases Cases() {
  using In = CaseInput;
  auto with = [](std::string reduction, int64_t ignore = kNoIgnoreIndex, float z_loss = 0) {
    return Attributes(SoftmaxCrossEntropyLossOp{std::move(reduction), ignore, z_loss});
  };
  const double x[] = {1, 2, 3, 1, 1, 1, 0, 0, 5}, w[] = {1, 2, 0.5};
  const int64_t y[] = {2, 0, 1};
  const In scores = In::Given(Tensor::Of<double>({3, 3}, x)), labels = In::Given(Tensor::Of<int64_t>({3}, y));
  auto scalar = [](double v) { return std::vector<Tensor>{Tensor::Scalar<double>(v)}; };
  return {
      .cases =
          {
              {.name = "mean",
               .attributes = with("mean"),
               .inputs = {In::Normal({5, 37}), In::Integers({5}, 0, 37)}},
              {.name = "sum_ignoring",
               .attributes = with("sum", 3),
               .inputs = {In::Normal({9, 5}, 0, 3), In::Integers({9}, 0, 5)},
               .optional_outputs = 4},
              {.name = "none_weighted",
               .attributes = with("none"),
               .inputs = {In::Normal({2, 4, 3}), In::Integers({2, 3}, 0, 4),
                          In::Given(Tensor::Of<double>({4}, std::vector<double>{1, 2, 3, 4}))},
               .constants = 4},
              {.name = "z_loss",
               .attributes = with("sum", 3, 0.125f),
               .inputs = {In::Normal({9, 5}, 1, 2), In::Integers({9}, 0, 5)},
               .optional_outputs = 4},
              {.name = "z_loss_weighted",
               .attributes = with("mean", kNoIgnoreIndex, 0.01f),
               .inputs = {In::Normal({2, 4, 3}, -2), In::Integers({2, 3}, 0, 4), In::Uniform({4}, 0.5, 2)},
               .constants = 4},
              {.name = "log_prob",
               .attributes = with("mean", -1),
               .inputs = {In::Normal({3, 4, 2, 2}), In::Integers({3, 2, 2}, -1, 4)},
               .optional_outputs = 2},
              {.name = "cs336",
               .attributes = with("mean"),
               .inputs = {In::Normal({2048, 10000}), In::Integers({2048}, 0, 10000)},
               .optional_outputs = 4,
               .gradient = false,
               .benchmark = true},
              {.name = "one",
               .attributes = with("mean"),
               .inputs = {In::Normal({1, 1}), In::Integers({1}, 0, 1)}},
              {.name = "empty",
               .attributes = with("sum"),
               .inputs = {In::Normal({0, 4}), In::Integers({0}, 0, 4)}},
              {.name = "value_mean",
               .attributes = with("mean"),
               .inputs = {scores, labels},
               .expected = scalar(2.1732)},
              {.name = "value_ignore",
               .attributes = with("mean", 0),
               .inputs = {scores, labels},
               .expected = scalar(2.7105)},
              {.name = "value_weights",
               .attributes = with("mean"),
               .inputs = {scores, labels, In::Given(Tensor::Of<double>({3}, w))},
               .constants = 4,
               .expected = scalar(3.236910592666628)},
          },
      .bad =
          {
              {.name = "label",
               .attributes = with("mean"),
               .inputs = {In::Normal({2, 3}), In::Integers({2}, 3, 4)},
               .error = "label 3 at 0 is out of range: there are 3 classes"},
              {.name = "labels_shape",
               .attributes = with("mean"),
               .inputs = {In::Normal({2, 3}), In::Integers({3}, 0, 3)},
               .error = "labels has shape [3], expected [2]"},
              {.name = "z_loss",
               .attributes = with("mean", 0, -1.0f),
               .inputs = {In::Normal({2, 3}), In::Integers({2}, 0, 3)},
               .error = "z_loss is -1, expected 0 or more"},
              {.name = "reduction",
               .attributes = with("product"),
               .inputs = {In::Normal({2, 3}), In::Integers({2}, 0, 3)},
               .error = "reduction is 'product'"},
          },
  };
}

}  // namespace weft::ops::softmax_cross_entropy_loss
