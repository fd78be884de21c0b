#include "ops/cases.h"

#include "ops/softmax_cross_entropy_loss_grad/op.h"

namespace weft::ops::softmax_cross_entropy_loss_grad {

OpCases Cases() {
  using In = CaseInput;
  auto with = [](std::string reduction, int64_t ignore = INT64_MIN, float z_loss = 0) {
    return Attributes(SoftmaxCrossEntropyLossGradOp{std::move(reduction), ignore, z_loss});
  };
  const double zero[] = {0, 0}, lse[] = {0.69314718056}, one[] = {3}, d[] = {-1.5, 1.5};
  const int64_t label[] = {0};
  return {
      .cases =
          {
              {.name = "mean_ignoring",
               .attributes = with("mean", 2),
               .inputs = {In::Normal({5, 37}), In::Integers({5}, 0, 5), In::Absent(), In::Normal({5}, 4, 0.1),
                          In::Normal({})},
               .gradient = false},
              {.name = "sum",
               .attributes = with("sum"),
               .inputs = {In::Normal({3, 6}), In::Integers({3}, 0, 6), In::Absent(), In::Normal({3}, 4, 0.1),
                          In::Normal({})}},
              {.name = "z_loss",
               .attributes = with("mean", 2, 0.25f),
               .inputs = {In::Normal({5, 37}), In::Integers({5}, 0, 5), In::Absent(), In::Normal({5}, 4, 0.1),
                          In::Normal({})},
               .gradient = false},
              {.name = "none_inner",
               .attributes = with("none"),
               .inputs = {In::Normal({2, 4, 3}), In::Integers({2, 3}, 0, 4), In::Normal({4}),
                          In::Normal({2, 3}, 2, 0.1), In::Normal({2, 3})}},
              {.name = "cs336",
               .attributes = with("mean"),
               .inputs = {In::Normal({2048, 10000}), In::Integers({2048}, 0, 10000), In::Absent(),
                          In::Normal({2048}, 10, 0.1), In::Normal({})},
               .gradient = false,
               .benchmark = true},
              {.name = "empty",
               .attributes = with("sum"),
               .inputs = {In::Normal({0, 4}), In::Integers({0}, 0, 4), In::Absent(), In::Normal({0}),
                          In::Normal({})}},
              {.name = "all_ignored",
               .attributes = with("mean", 0),
               .inputs = {In::Given(Tensor::Of<double>({1, 2}, zero)),
                          In::Given(Tensor::Of<int64_t>({1}, label)), In::Absent(),
                          In::Given(Tensor::Of<double>({1}, lse)), In::Given(Tensor::Of<double>({}, one))},
               .gradient = false,
               .expected = {Tensor::Of<double>({1, 2}, zero)}},
              {.name = "values",
               .attributes = with("sum"),
               .inputs = {In::Given(Tensor::Of<double>({1, 2}, zero)),
                          In::Given(Tensor::Of<int64_t>({1}, label)), In::Absent(),
                          In::Given(Tensor::Of<double>({1}, lse)), In::Given(Tensor::Of<double>({}, one))},
               .expected = {Tensor::Of<double>({1, 2}, d)}},
          },
      .bad = {{.name = "lse",
               .attributes = with("sum"),
               .inputs = {In::Normal({2, 4}), In::Integers({2}, 0, 4), In::Absent(), In::Normal({3}),
                          In::Normal({})},
               .error = "lse is f32[3], expected f32[2]"}},
  };
}

}  // namespace weft::ops::softmax_cross_entropy_loss_grad
