#include "ops/cases.h"

#include "ops/attention/op.h"

namespace weft::ops::attention {

OpCases Cases() {
  using In = CaseInput;
  auto with = [](AttentionOp op) { return Attributes(op); };
  const AttentionOp heads{.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2};
  const bool keep[] = {true, true, false, false, false, false};
  const int64_t lengths[] = {2, 4};
  // Equal scores: the mean of the open values. One head of one element, values 1, 2, 3, 4.
  const double zeros[] = {0, 0}, keys[] = {0, 0, 0, 0}, values[] = {1, 2, 3, 4}, causal[] = {1, 1.5},
               all[] = {2.5, 2.5};
  auto value = [&](std::string name, bool is_causal, const double* y) {
    Case c{.name = std::move(name),
           .attributes = with({.is_causal = is_causal}),
           .inputs = {In::Given(Tensor::Of<double>({1, 1, 2, 1}, zeros)),
                      In::Given(Tensor::Of<double>({1, 1, 4, 1}, keys)),
                      In::Given(Tensor::Of<double>({1, 1, 4, 1}, values))}};
    c.expected = {Tensor::Of<double>({1, 1, 2, 1}, std::span<const double>(y, 2))};
    return c;
  };
  return {
      .cases =
          {
              {.name = "causal_grouped",
               .attributes = with(heads),
               .inputs = {In::Normal({2, 5, 64}), In::Normal({2, 5, 32}), In::Normal({2, 5, 32})}},
              {.name = "lse",
               .attributes = with(heads),
               .inputs = {In::Normal({1, 7, 64}), In::Normal({1, 7, 32}), In::Normal({1, 7, 32})},
               .optional_outputs = 16,
               .gradient = false},
              {.name = "tiles",
               .attributes = with({.is_causal = true, .q_num_heads = 2, .kv_num_heads = 1}),
               .inputs = {In::Normal({1, 131, 64}), In::Normal({1, 131, 32}), In::Normal({1, 131, 32})}},
              {.name = "four_dimensions",
               .attributes = with({.scale = 0.3f}),
               .inputs = {In::Normal({2, 3, 5, 8}), In::Normal({2, 3, 6, 8}), In::Normal({2, 3, 6, 16})}},
              {.name = "odd_heads",
               .attributes = with({.is_causal = true, .softcap = 2, .q_num_heads = 3, .kv_num_heads = 3}),
               .inputs = {In::Normal({2, 4, 15}), In::Normal({2, 6, 15}), In::Normal({2, 6, 21})}},
              {.name = "bool_mask",
               .attributes = with({}),
               .inputs = {In::Normal({2, 2, 2, 4}), In::Normal({2, 2, 3, 4}), In::Normal({2, 2, 3, 4}),
                          In::Given(Tensor::Of<bool>({2, 3}, keep))}},
              {.name = "float_mask",
               .attributes = with({.is_causal = true}),
               .inputs = {In::Normal({1, 2, 3, 4}), In::Normal({1, 2, 4, 4}), In::Normal({1, 2, 4, 4}),
                          In::Normal({1, 2, 1, 3})},
               .gradient = false},
              {.name = "nonpad",
               .attributes = with({.is_causal = true}),
               .inputs = {In::Normal({2, 2, 3, 4}), In::Normal({2, 2, 5, 4}), In::Normal({2, 2, 5, 4}),
                          In::Absent(), In::Absent(), In::Absent(),
                          In::Given(Tensor::Of<int64_t>({2}, lengths))}},
              {.name = "past",
               .attributes =
                   with({.is_causal = true, .q_num_heads = 2, .kv_num_heads = 1, .qk_matmul_output_mode = 3}),
               .inputs = {In::Normal({2, 2, 8}), In::Normal({2, 2, 4}), In::Normal({2, 2, 4}), In::Absent(),
                          In::Normal({2, 1, 3, 4}), In::Normal({2, 1, 3, 4})},
               .optional_outputs = 14,
               .gradient = false},
              {.name = "empty_batch",
               .attributes = with({}),
               .inputs = {In::Normal({0, 2, 3, 4}), In::Normal({0, 2, 5, 4}), In::Normal({0, 2, 5, 4})}},
              value("value_causal", true, causal),
              value("value_all", false, all),
          },
      .bad =
          {
              {.name = "heads",
               .attributes = with({.q_num_heads = 3, .kv_num_heads = 2}),
               .inputs = {In::Normal({1, 2, 6}), In::Normal({1, 2, 4}), In::Normal({1, 2, 4})},
               .error = "3 query heads are not divisible by 2"},
              {.name = "head_dim",
               .attributes = with({}),
               .inputs = {In::Normal({1, 2, 3, 4}), In::Normal({1, 2, 3, 5}), In::Normal({1, 2, 3, 4})},
               .error = "heads of K have 5 elements, expected 4"},
              {.name = "mask",
               .attributes = with({}),
               .inputs = {In::Normal({1, 2, 3, 4}), In::Normal({1, 2, 5, 4}), In::Normal({1, 2, 5, 4}),
                          In::Normal({2, 5})},
               .error = "attn_mask [2, 5] does not broadcast"},
              {.name = "scale",
               .attributes = with({.scale = -1}),
               .inputs = {In::Normal({1, 2, 3, 4}), In::Normal({1, 2, 5, 4}), In::Normal({1, 2, 5, 4})},
               .error = "scale is -1"},
          },
  };
}

}  // namespace weft::ops::attention
