#include "ops/cases.h"

#include <limits>

#include "ops/global_norm/op.h"

namespace weft::ops::global_norm {

OpCases Cases() {
  using In = CaseInput;
  auto given = [](std::initializer_list<double> x) {
    return In::Given(Tensor::Of<double>({static_cast<int64_t>(x.size())}, std::span(x.begin(), x.size())));
  };
  auto is = [](double value) { return std::vector<Tensor>{Tensor::Scalar(value)}; };
  auto none = [] { return Attributes(GlobalNormOp{}); };
  const double inf = std::numeric_limits<double>::infinity();
  return {
      .cases =
          {
              {.name = "odd",
               .attributes = none(),
               .inputs = {In::Normal({13, 7}), In::Normal({1}), In::Normal({3, 5, 2}, 1, 3)}},
              {.name = "one_scalar", .attributes = none(), .inputs = {given({-3})}, .expected = is(3)},
              {.name = "values",
               .attributes = none(),
               .inputs = {given({3, 0}), given({-4})},
               .expected = is(5)},
              {.name = "squares_beyond_f32",
               .attributes = none(),
               .inputs = {given({3e30}), given({4e30})},
               .expected = is(5e30)},
              {.name = "infinite", .attributes = none(), .inputs = {given({1, -inf})}, .expected = is(inf)},
              {.name = "empty", .attributes = none(), .inputs = {In::Normal({0, 3})}, .expected = is(0)},
              {.name = "some_empty",
               .attributes = none(),
               .inputs = {In::Normal({0}), given({-2})},
               .expected = is(2)},
              {.name = "blocks",
               .attributes = none(),
               .inputs = {In::Normal({70001}), In::Normal({333, 101})}},
              {.name = "parameters",
               .attributes = none(),
               .inputs = {In::Normal({10000, 512}), In::Normal({10000, 512}), In::Normal({12000, 1024})},
               .benchmark = true},
          },
      .bad = {{.name = "integers",
               .attributes = none(),
               .inputs = {In::Normal({2}), In::Integers({2}, 0, 9)},
               .error = "gradients is i64"},
              {.name = "nothing", .attributes = none(), .inputs = {}, .error = "is missing"}},
  };
}

}  // namespace weft::ops::global_norm
