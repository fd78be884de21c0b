// lse and y are free inputs here: the kernels must agree for any. That they are the gradients is tested by
// Attention's cases.
#include "ops/cases.h"

#include "ops/attention_grad/op.h"

namespace weft::ops::attention_grad {

OpCases Cases() {
  using In = CaseInput;
  auto make = [](std::string name, AttentionGradOp op, int64_t batch, int64_t seq, int64_t keys, int64_t q,
                 int64_t kv, int64_t heads) {
    return Case{
        .name = std::move(name),
        .attributes = Attributes(op),
        .inputs = {In::Normal({batch, seq, q}, 0, 0.5), In::Normal({batch, keys, kv}, 0, 0.5),
                   In::Normal({batch, keys, kv}), In::Absent(), In::Absent(), In::Normal({batch, seq, q}),
                   In::Normal({batch, heads, seq}, 4, 0.1), In::Normal({batch, seq, q})},
        .constants = 1 << 3,
        .tolerance = 2e-5};
  };
  // The same with a mask, a cap and lengths.
  auto masked = [&](std::string name, AttentionGradOp op, CaseInput mask, bool lengths) {
    Case c = make(std::move(name), op, 2, 70, 75, 64, 32, 4);
    const int64_t n[] = {75, 33};
    c.inputs[3] = std::move(mask);
    if (lengths) c.inputs[4] = In::Given(Tensor::Of<int64_t>({2}, n));
    return c;
  };
  auto rotary = [&](std::string name, AttentionGradOp op, int64_t seq, CaseInput table, bool positions) {
    Case c = make(std::move(name), op, 2, seq, seq, 56, 28, 4);
    c.inputs.insert(c.inputs.end(), {table, table});
    if (positions) c.inputs.push_back(In::Integers({2, seq}, 0, table.shape[0]));
    c.constants |= 1 << 8 | 1 << 9;
    return c;
  };
  auto training = [&](std::string name, int64_t batch, int64_t seq, int64_t heads, int64_t head_dim) {
    Case c = make(std::move(name), {.is_causal = true, .q_num_heads = heads, .kv_num_heads = heads}, batch,
                  seq, seq, heads * head_dim, heads * head_dim, heads);
    c.benchmark = true;
    return c;
  };
  return {
      .cases =
          {
              make("causal_grouped", {.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2}, 2, 9, 9, 64,
                   32, 4),
              make("tiles", {.is_causal = true, .q_num_heads = 2, .kv_num_heads = 2}, 1, 131, 131, 32, 32, 2),
              make("not_causal", {.scale = 0.4f, .q_num_heads = 1, .kv_num_heads = 1}, 3, 70, 5, 16, 16, 1),
              make("odd", {.is_causal = true, .softcap = 3, .q_num_heads = 2, .kv_num_heads = 1}, 2, 5, 7, 10,
                   5, 2),
              masked("bool_mask", {.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2},
                     In::Integers({2, 1, 70, 75}, 0, 2, DataType::kBool), false),
              masked("float_mask", {.softcap = 2, .q_num_heads = 4, .kv_num_heads = 2},
                     In::Normal({4, 1, 74}), false),
              masked("lengths", {.is_causal = true, .softcap = 2, .q_num_heads = 4, .kv_num_heads = 2},
                     In::Absent(), true),
              rotary("rotary_halves", {.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2}, 9,
                     In::Normal({11, 7}), true),
              rotary("rotary_interleaved",
                     {.softcap = 3, .q_num_heads = 4, .kv_num_heads = 2, .rotary_interleaved = true}, 70,
                     In::Normal({75, 7}), true),
              rotary("rotary_partial", {.is_causal = true, .q_num_heads = 4, .kv_num_heads = 2}, 5,
                     In::Normal({2, 5, 3}), false),
              training("train_8x256x16x32", 8, 256, 16, 32),
              training("train_8x1024x12x64", 8, 1024, 12, 64),
              training("train_12x64x4x32", 12, 64, 4, 32),
          },
      .bad = {{.name = "mask",
               .attributes = Attributes(AttentionGradOp{.q_num_heads = 1, .kv_num_heads = 1}),
               .inputs = {In::Normal({1, 2, 4}), In::Normal({1, 2, 4}), In::Normal({1, 2, 4}),
                          In::Normal({3, 2}), In::Absent(), In::Normal({1, 2, 4}), In::Normal({1, 1, 2}),
                          In::Normal({1, 2, 4})},
               .error = "attn_mask [3, 2] does not broadcast"},
              {.name = "rotary_far",
               .attributes = Attributes(AttentionGradOp{.q_num_heads = 1, .kv_num_heads = 1}),
               .inputs = {In::Normal({1, 2, 4}), In::Normal({1, 2, 4}), In::Normal({1, 2, 4}), In::Absent(),
                          In::Absent(), In::Normal({1, 2, 4}), In::Normal({1, 1, 2}), In::Normal({1, 2, 4}),
                          In::Normal({3, 2}), In::Normal({3, 2}), In::Integers({1, 2}, -1, 0)},
               .error = "position -1 (batch 0, token 0) is out of range: the tables have 3"},
              {.name = "lse",
               .attributes = Attributes(AttentionGradOp{.q_num_heads = 1, .kv_num_heads = 1}),
               .inputs = {In::Normal({1, 2, 4}), In::Normal({1, 2, 4}), In::Normal({1, 2, 4}), In::Absent(),
                          In::Absent(), In::Normal({1, 2, 4}), In::Normal({1, 2}), In::Normal({1, 2, 4})},
               .error = "lse is f32[1, 2], expected f32[1, 1, 2]"}},
  };
}

}  // namespace weft::ops::attention_grad
