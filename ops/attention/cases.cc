#include "ops/cases.h"

#include "ops/attention/op.h"

namespace weft::ops::attention {

namespace {

using In = CaseInput;

// Causal training shapes, [batch, seq, heads * head_dim].
Case Training(std::string name, int64_t batch, int64_t seq, int64_t heads, int64_t head_dim) {
  const Shape shape = {batch, seq, heads * head_dim};
  return {
      .name = std::move(name),
      .attributes = Attributes(AttentionOp{.is_causal = true, .q_num_heads = heads, .kv_num_heads = heads}),
      .inputs = {In::Normal(shape), In::Normal(shape), In::Normal(shape)},
      .optional_outputs = 16,
      .gradient = false,
      .benchmark = true};
}

// What the fast kernel does apart: tiles cut by masks, lengths, odd sizes; queries few and many.
std::vector<Case> Tiles() {
  const int64_t lengths[] = {0, 131, 70};
  auto grouped = [](bool causal, float softcap = 0) {
    return Attributes(
        AttentionOp{.is_causal = causal, .softcap = softcap, .q_num_heads = 4, .kv_num_heads = 2});
  };
  auto qkv = [](int64_t batch, int64_t seq, int64_t keys, int64_t head, int64_t value) {
    return std::vector<In>{In::Normal({batch, seq, 4 * head}), In::Normal({batch, keys, 2 * head}),
                           In::Normal({batch, keys, 2 * value})};
  };
  auto with = [](std::vector<In> inputs, std::vector<In> more) {
    for (In& in : more) inputs.push_back(std::move(in));
    return inputs;
  };
  const In lengths3 = In::Given(Tensor::Of<int64_t>({3}, lengths));
  std::vector<Case> cases = {
      {.name = "tiles_lengths",
       .attributes = grouped(true),
       .inputs = with(qkv(3, 67, 131, 16, 9), {In::Absent(), In::Absent(), In::Absent(), lengths3})},
      {.name = "tiles_lengths_open",
       .attributes = grouped(false),
       .inputs = with(qkv(3, 30, 131, 7, 16), {In::Absent(), In::Absent(), In::Absent(), lengths3})},
      {.name = "tiles_bool_mask",
       .attributes = grouped(true, 5),
       .inputs = with(qkv(2, 70, 70, 16, 16), {In::Integers({2, 1, 70, 70}, 0, 2, DataType::kBool)})},
      {.name = "tiles_float_mask",
       .attributes = grouped(false),
       .inputs = with(qkv(2, 70, 80, 16, 16), {In::Normal({4, 1, 77})})},
      {.name = "tiles_past",
       .attributes = grouped(true),
       .inputs = with(qkv(1, 65, 66, 16, 16),
                      {In::Absent(), In::Normal({1, 2, 70, 16}), In::Normal({1, 2, 70, 16})})},
      {.name = "decode",
       .attributes = grouped(false),
       .inputs = with(qkv(2, 1, 1, 32, 32),
                      {In::Absent(), In::Normal({2, 2, 700, 32}), In::Normal({2, 2, 700, 32})})},
      {.name = "decode_capped",
       .attributes = grouped(true, 4),
       .inputs =
           with(qkv(3, 5, 131, 20, 12), {In::Normal({4, 5, 131}), In::Absent(), In::Absent(), lengths3})},
      {.name = "one_head_of_many_tiles",
       .attributes = Attributes(AttentionOp{.is_causal = true}),
       .inputs = {In::Normal({1, 1, 200, 8}), In::Normal({1, 1, 200, 8}), In::Normal({1, 1, 200, 8})}},
  };
  for (Case& c : cases) {
    c.gradient = c.inputs.size() < 5 || c.inputs[4].fill == In::kAbsent;  // none with a past
    c.constants = 1 << 3;                                                 // the mask
    c.tolerance = 2e-5;
    if (c.name.find("past") == std::string::npos && c.name != "decode") c.optional_outputs = 16;
  }
  cases[4].optional_outputs = 6;
  return cases;
}

}  // namespace

OpCases Cases() {
  auto with = [](AttentionOp op) { return Attributes(op); };
  const AttentionOp heads{.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2};
  const bool keep[] = {true, true, false, false, false, false};
  const int64_t lengths[] = {2, 4};
  // Equal scores: the mean of the open values. One head of one element, values 1, 2, 3, 4.
  const double zeros[] = {0, 0}, keys[] = {0, 0, 0, 0}, values[] = {1, 2, 3, 4}, causal[] = {1, 1.5},
               open[] = {2.5, 2.5};
  auto value = [&](std::string name, bool is_causal, const double* y) {
    Case c{.name = std::move(name),
           .attributes = with({.is_causal = is_causal}),
           .inputs = {In::Given(Tensor::Of<double>({1, 1, 2, 1}, zeros)),
                      In::Given(Tensor::Of<double>({1, 1, 4, 1}, keys)),
                      In::Given(Tensor::Of<double>({1, 1, 4, 1}, values))}};
    c.expected = {Tensor::Of<double>({1, 1, 2, 1}, std::span<const double>(y, 2))};
    return c;
  };
  OpCases all{
      .cases =
          {
              {.name = "causal_grouped",
               .attributes = with(heads),
               .inputs = {In::Normal({2, 5, 64}), In::Normal({2, 5, 32}), In::Normal({2, 5, 32})}},
              {.name = "lse",
               .attributes = with(heads),
               .inputs = {In::Normal({1, 7, 64}), In::Normal({1, 7, 32}), In::Normal({1, 7, 32})},
               .optional_outputs = 16},
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
               .constants = 1 << 3},
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
              {.name = "no_keys",
               .attributes = with({}),
               .inputs = {In::Normal({1, 2, 3, 4}), In::Normal({1, 2, 0, 4}), In::Normal({1, 2, 0, 4})},
               .optional_outputs = 16},
              value("value_causal", true, causal),
              value("value_all", false, open),
              Training("train_8x256x16x32", 8, 256, 16, 32),
              Training("train_8x1024x12x64", 8, 1024, 12, 64),
              Training("train_12x64x4x32", 12, 64, 4, 32),
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
              {.name = "lengths",
               .attributes = with({.is_causal = true}),
               .inputs = {In::Normal({2, 2, 3, 4}), In::Normal({2, 2, 3, 4}), In::Normal({2, 2, 3, 4}),
                          In::Absent(), In::Absent(), In::Absent(),
                          In::Given(Tensor::Of<int64_t>({2}, lengths))},
               .error = "nonpad_kv_seqlen[1] is 4, expected 0 to 3"},
          },
  };
  for (Case& c : Tiles()) all.cases.push_back(std::move(c));
  return all;
}

}  // namespace weft::ops::attention
