#include "ops/common/cases.h"

#include "ops/gemm/op.h"

namespace weft::ops::gemm {
namespace {

using In = CaseInput;

std::vector<Case> Values() {
  const In a = Given({2, 3}, {1, 2, 3, 4, 5, 6}), b = Given({3, 2}, {1, 0, -1, 2, 1, 1});
  // a b = [[2, 7], [5, 16]]
  return {
      {.name = "values",
       .attributes = Attributes(GemmOp{}),
       .inputs = {a, b},
       .expected = {Doubles({2, 2}, {2, 7, 5, 16})}},
      {.name = "values_alpha_beta",
       .attributes = Attributes(GemmOp{.alpha = 0.5f, .beta = 2.0f}),
       .inputs = {a, b, Given({2, 1}, {10, -1})},
       .expected = {Doubles({2, 2}, {21, 23.5, 0.5, 6})}},
      {.name = "values_beta_0",
       .attributes = Attributes(GemmOp{.beta = 0.0f}),
       .inputs = {a, b, Given({2}, {NAN, INFINITY})},
       .gradient = false,
       .expected = {Doubles({2, 2}, {2, 7, 5, 16})}},
      {.name = "values_no_inner",
       .attributes = Attributes(GemmOp{.beta = 3.0f}),
       .inputs = {In::Normal({2, 0}), In::Normal({0, 2}), Given({2}, {1, -2})},
       .expected = {Doubles({2, 2}, {3, -6, 3, -6})}},
  };
}

}  // namespace

OpCases Cases() {
  auto with = [](bool ta, bool tb, float alpha = 1.0f, float beta = 1.0f) {
    return Attributes(GemmOp{alpha, beta, ta, tb});
  };
  OpCases all{
      .cases =
          {
              {.name = "plain",
               .attributes = with(false, false),
               .inputs = {In::Normal({5, 7}), In::Normal({7, 3})}},
              {.name = "transposed_a",
               .attributes = with(true, false),
               .inputs = {In::Normal({7, 5}), In::Normal({7, 3}), In::Normal({3})}},
              {.name = "transposed_b",
               .attributes = with(false, true, 0.25f, 0.35f),
               .inputs = {In::Normal({5, 7}), In::Normal({3, 7}), In::Normal({5, 3})}},
              {.name = "transposed_both",
               .attributes = with(true, true, 2.0f, -1.0f),
               .inputs = {In::Normal({7, 5}), In::Normal({3, 7}), In::Normal({1, 3})}},
              {.name = "scalar_c",
               .attributes = with(false, false),
               .inputs = {In::Normal({4, 17}), In::Normal({17, 33}), In::Normal({})}},
              {.name = "column_c",
               .attributes = with(false, false, 1.0f, 0.5f),
               .inputs = {In::Normal({19, 17}), In::Normal({17, 5}), In::Normal({19, 1})}},
              {.name = "one_element",
               .attributes = with(true, true),
               .inputs = {In::Normal({1, 1}), In::Normal({1, 1}), In::Normal({1})}},
              {.name = "no_rows",
               .attributes = with(false, false),
               .inputs = {In::Normal({0, 4}), In::Normal({4, 3}), In::Normal({3})}},
              {.name = "no_inner",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 0}), In::Normal({0, 3})}},
          },
      .bad = {{.name = "rank",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3, 4}), In::Normal({4, 5})},
               .error = "expected two dimensions each"},
              {.name = "inner",
               .attributes = with(false, true),
               .inputs = {In::Normal({2, 3}), In::Normal({3, 5})},
               .error = "B [3, 5] transposed do not multiply: inner dimensions 3 and 5"},
              {.name = "c",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3}), In::Normal({3, 5}), In::Normal({2})},
               .error = "C has shape [2], which does not broadcast to [2, 5]"},
              {.name = "c_larger",
               .attributes = with(false, false),
               .inputs = {In::Normal({1, 3}), In::Normal({3, 5}), In::Normal({2, 5})},
               .error = "C has shape [2, 5]"},
              {.name = "types",
               .attributes = with(false, false),
               .inputs = {In::Normal({2, 3}), In::Normal({3, 5}), In::Integers({5}, 0, 3)},
               .error = "C is i64, expected equal types"}},
  };
  Append(&all.cases, Values());
  return all;
}

}  // namespace weft::ops::gemm
