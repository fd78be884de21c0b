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

// With a rotary embedding.
struct RotaryTables {
  In cos, sin, positions;
};
RotaryTables Positions(int64_t batch, int64_t seq, int64_t rows, int64_t pairs) {
  return {In::Normal({rows, pairs}), In::Normal({rows, pairs}), In::Integers({batch, seq}, 0, rows)};
}
RotaryTables EachToken(int64_t batch, int64_t seq, int64_t pairs) {
  return {In::Normal({batch, seq, pairs}), In::Normal({batch, seq, pairs}), In::Absent()};
}

// `more`: attn_mask, past_key, past_value, nonpad_kv_seqlen, as far as they are there.
std::vector<In> WithRotary(std::vector<In> inputs, RotaryTables tables, const std::vector<In>& more = {}) {
  inputs.insert(inputs.end(), more.begin(), more.end());
  inputs.resize(7);
  for (In* in : {&tables.cos, &tables.sin, &tables.positions}) inputs.push_back(std::move(*in));
  return inputs;
}

// One head of two elements, (1, 0) everywhere; the second position turns it to (0, 1). Scores are 1 where
// query and key have one position, else 0; the values 0 and 4 come out as 4 / (1 + e) and 4 e / (1 + e).
Case RotaryValue() {
  const double ones[] = {1, 0, 1, 0}, values[] = {0, 4}, cos[] = {9, 1, 0}, sin[] = {9, 0, 1};
  const double expected[] = {1.0757656854799805, 2.9242343145200195};
  const int64_t positions[] = {1, 2};
  const auto given = [](Shape shape, std::span<const double> x) {
    return In::Given(Tensor::Of<double>(std::move(shape), x));
  };
  Case c{.name = "rotary_value",
         .attributes = Attributes(AttentionOp{.scale = 1, .q_num_heads = 1, .kv_num_heads = 1}),
         .inputs = WithRotary(
             {given({1, 2, 2}, ones), given({1, 2, 2}, ones), given({1, 2, 1}, values)},
             {given({3, 1}, cos), given({3, 1}, sin), In::Given(Tensor::Of<int64_t>({1, 2}, positions))})};
  c.expected = {Tensor::Of<double>({1, 2, 1}, expected)};
  return c;
}

std::vector<Case> Rotary() {
  const int64_t lengths[] = {3, 7};
  const auto grouped = [](bool interleaved, float softcap = 0) {
    return Attributes(AttentionOp{.is_causal = true,
                                  .softcap = softcap,
                                  .q_num_heads = 4,
                                  .kv_num_heads = 2,
                                  .rotary_interleaved = interleaved});
  };
  const auto qkv = [](int64_t batch, int64_t seq, int64_t head, int64_t value) {
    return std::vector<In>{In::Normal({batch, seq, 4 * head}), In::Normal({batch, seq, 2 * head}),
                           In::Normal({batch, seq, 2 * value})};
  };
  const AttentionOp first{.rotary_interleaved = true};  // heads first
  std::vector<Case> cases = {
      {.name = "rotary_halves",
       .attributes = grouped(false),
       .inputs = WithRotary(qkv(2, 9, 16, 16), Positions(2, 9, 11, 8)),
       .optional_outputs = 16},
      {.name = "rotary_interleaved",
       .attributes = grouped(true),
       .inputs = WithRotary(qkv(2, 5, 22, 5), Positions(2, 5, 7, 11)),
       .optional_outputs = 16},
      {.name = "rotary_partial",
       .attributes = Attributes(first),
       .inputs = WithRotary({In::Normal({2, 3, 5, 11}), In::Normal({2, 3, 5, 11}), In::Normal({2, 3, 5, 4})},
                            EachToken(2, 5, 2))},
      {.name = "rotary_partial_halves",
       .attributes = grouped(false),
       .inputs = WithRotary(qkv(2, 6, 13, 13), EachToken(2, 6, 5))},
      {.name = "rotary_tiles",
       .attributes = grouped(false, 3),
       .inputs = WithRotary(qkv(1, 131, 16, 16), Positions(1, 131, 140, 8), {In::Normal({4, 1, 131})}),
       .optional_outputs = 16},
      {.name = "rotary_lengths",
       .attributes = grouped(true),
       .inputs = WithRotary(
           qkv(2, 7, 8, 8), Positions(2, 7, 9, 4),
           {In::Absent(), In::Absent(), In::Absent(), In::Given(Tensor::Of<int64_t>({2}, lengths))})},
      {.name = "rotary_past",
       .attributes = grouped(true),
       .inputs = WithRotary(qkv(1, 65, 16, 16), Positions(1, 65, 140, 8),
                            {In::Absent(), In::Normal({1, 2, 70, 16}), In::Normal({1, 2, 70, 16})}),
       .optional_outputs = 6,
       .gradient = false},
      {.name = "rotary_decode",
       .attributes = grouped(false),
       .inputs = WithRotary(qkv(2, 1, 32, 32), Positions(2, 1, 800, 16),
                            {In::Absent(), In::Normal({2, 2, 700, 32}), In::Normal({2, 2, 700, 32})}),
       .gradient = false},
      {.name = "rotary_one",
       .attributes = Attributes(AttentionOp{}),
       .inputs = WithRotary({In::Normal({1, 1, 1, 2}), In::Normal({1, 1, 1, 2}), In::Normal({1, 1, 1, 1})},
                            EachToken(1, 1, 1))},
      {.name = "rotary_empty",
       .attributes = grouped(false),
       .inputs = WithRotary(qkv(0, 3, 4, 4), Positions(0, 3, 5, 2))},
      {.name = "rotary_no_tokens",
       .attributes = grouped(true),
       .inputs = WithRotary(qkv(2, 0, 4, 4), EachToken(2, 0, 2))},
      RotaryValue(),
  };
  for (Case& c : cases) {
    c.constants = 1 << 3 | 1 << 7 | 1 << 8;
    c.tolerance = 2e-5;
  }
  return cases;
}

std::vector<BadCase> BadRotary() {
  const auto bad = [](std::string name, std::vector<In> inputs, std::string error) {
    return BadCase{.name = std::move(name),
                   .attributes = Attributes(AttentionOp{.q_num_heads = 2, .kv_num_heads = 1}),
                   .inputs = std::move(inputs),
                   .error = std::move(error)};
  };
  const std::vector<In> qkv = {In::Normal({2, 3, 8}), In::Normal({2, 3, 4}), In::Normal({2, 3, 4})};
  const std::vector<In> longer = {In::Normal({2, 3, 8}), In::Normal({2, 5, 4}), In::Normal({2, 5, 4})};
  RotaryTables two_ranks = Positions(2, 3, 6, 2), far = Positions(2, 3, 6, 2), late = Positions(2, 4, 6, 2);
  RotaryTables unlike = Positions(2, 3, 6, 2), half = Positions(2, 3, 6, 2), lonely = Positions(2, 3, 6, 2);
  far.positions = In::Integers({2, 3}, 6, 7);
  unlike.sin = In::Normal({7, 2});
  half.sin = In::Absent();
  lonely.cos = lonely.sin = In::Absent();
  two_ranks.positions = In::Absent();
  RotaryTables integers = Positions(2, 3, 6, 2);
  integers.cos = In::Integers({6, 2}, 0, 2);
  return {bad("rotary_far", WithRotary(qkv, far),
              "position 6 (batch 0, token 0) is out of range: the tables have 6"),
          bad("rotary_pairs", WithRotary(qkv, Positions(2, 3, 6, 3)),
              "cos_cache turns 3 pairs of a head, expected at most half of its 4 elements"),
          bad("rotary_no_pairs", WithRotary(qkv, Positions(2, 3, 6, 0)), "cos_cache turns 0 pairs of a head"),
          bad("rotary_tokens", WithRotary(longer, Positions(2, 3, 6, 2)),
              "K f32[2, 5, 4] has other tokens than Q f32[2, 3, 8], whose positions it shares"),
          bad("rotary_positions", WithRotary(qkv, late), "position_ids is i64[2, 4], expected i64[2, 3]"),
          bad("rotary_tables", WithRotary(qkv, unlike), "sin_cache has shape [7, 2], expected [6, 2]"),
          bad("rotary_each_token", WithRotary(qkv, two_ranks),
              "cos_cache has shape [6, 2], expected [2, 3, pairs]"),
          bad("rotary_table_type", WithRotary(qkv, integers), "cos_cache is i64, expected f32"),
          bad("rotary_half", WithRotary(qkv, half), "cos_cache and sin_cache come together"),
          bad("rotary_lonely", WithRotary(qkv, lonely), "position_ids comes with cos_cache and sin_cache")};
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
              {.name = "no_tokens",
               .attributes = with(heads),
               .inputs = {In::Normal({2, 0, 64}), In::Normal({2, 0, 32}), In::Normal({2, 0, 32})}},
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
  for (Case& c : Rotary()) all.cases.push_back(std::move(c));
  for (BadCase& c : BadRotary()) all.bad.push_back(std::move(c));
  return all;
}

}  // namespace weft::ops::attention
