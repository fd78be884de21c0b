// What the bodies of Attention and its gradient share: heads apart, and scores with their bias.
#pragma once
#include "ir/builder.h"
#include "ops/common/attention_sizes.h"

namespace weft::ops {

struct AttentionScores {
  Builder& b;
  AttentionSizes sizes;
  DataType dtype;
  bool rank3;  // operands are [batch, tokens, heads * head_dim], else [batch, heads, tokens, head_dim]
  bool is_causal;
  double scale, softcap;
  Var mask, lengths;  // attn_mask and nonpad_kv_seqlen, invalid if absent

  Var Number(double x) { return b.Scalar(x, dtype); }
  Var MinusInfinity();
  // [batch, heads, tokens, head_dim] from the operand's layout, and back.
  Var Heads(Var x, const Dim& heads, const Dim& head_dim);
  Var Joined(Var x);
  // Each key/value head for every query head of its group; and the sum of a group's heads.
  Var Repeat(Var x);
  Var SumOfGroups(Var x);
  // cap * tanh(scores / cap), or the scores where there is no cap.
  Var Capped(Var scores);
  // With mask, padding and causality: -infinity where a key is closed. [batch, q_heads, seq, total]
  Var Biased(Var scores);

 private:
  Var Whole(const Dim& value);
  Var Indices(const Dim& n, bool column);
  Var Padded(Var values);
};

}  // namespace weft::ops
