// Causal multi-head self-attention (Vaswani et al. 2017) with grouped key/value heads (Ainslie et al. 2023),
// rotary positions and, if asked, RMS-normalised queries and keys (Henry et al. 2020).
#pragma once
#include "frontends/layers/dropout.h"
#include "frontends/layers/linear.h"
#include "frontends/layers/norm.h"
#include "frontends/layers/rotary.h"

namespace weft {

struct AttentionConfig {
  int64_t d_model = 0, num_heads = 0, num_kv_heads = 0, head_dim = 0;
  bool bias = false;
  bool qk_norm = false;
  float norm_epsilon = 1e-5f;
};

class SelfAttention : public Module {
 public:
  explicit SelfAttention(const AttentionConfig& config);
  // x [batch, seq, d_model], positions i64 [batch, seq] -> [batch, seq, d_model]. `rotary` null: no rotation.
  Var Forward(Var x, Var positions, const RotaryTables* rotary) const;

 private:
  Var NormalizeHeads(Var x, const RmsNorm* norm, int64_t heads) const;

  AttentionConfig config_;
  Linear& q_proj_;
  Linear& k_proj_;
  Linear& v_proj_;
  Linear& o_proj_;
  RmsNorm* q_norm_ = nullptr;
  RmsNorm* k_norm_ = nullptr;
};

}  // namespace weft
