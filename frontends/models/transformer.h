// The decoder-only transformer: embedding, blocks of attention and feed-forward, norm, head. Modules are
// named as Hugging Face names them (model.layers.0.self_attn.q_proj), so that state_dict is a Llama's.
#pragma once
#include "frontends/layers/attention.h"
#include "frontends/layers/embedding.h"
#include "frontends/layers/feed_forward.h"
#include "frontends/models/transformer_config.h"

namespace weft {

class TransformerBlock : public Module {
 public:
  explicit TransformerBlock(const TransformerConfig& config);
  // x [batch, seq, d_model] -> the same shape.
  //   pre   x + attn(norm(x));  x + ff(norm(x))      post  norm(x + attn(x));  norm(x + ff(x))
  Var Forward(Var x, Var positions, const RotaryTables* rotary, const RandomInputs& random) const;

 private:
  Var Residual(Var x, const RmsNorm* norm, const std::function<Var(Var)>& layer,
               const RandomInputs& random) const;

  NormPlace place_;
  SelfAttention& self_attn_;
  FeedForward& mlp_;
  RmsNorm* input_layernorm_ = nullptr;
  RmsNorm* post_attention_layernorm_ = nullptr;
  Dropout& dropout_;
};

class Transformer : public Module {
 public:
  // `config` is complete (TransformerConfig::Complete).
  explicit Transformer(const TransformerConfig& config);
  // tokens, positions i64 [batch, seq] -> logits f32 [batch, seq, vocab_size]. `random` invalid: no dropout.
  Var Forward(Var tokens, Var positions, const RandomInputs& random) const;
  const TransformerConfig& config() const { return config_; }

 private:
  TransformerConfig config_;
  Embedding& embed_tokens_;
  ModuleList<TransformerBlock>& layers_;
  RotaryTables* rotary_ = nullptr;
  RmsNorm* norm_ = nullptr;
  Linear* lm_head_ = nullptr;  // null: tied to the embedding
  Dropout& dropout_;
};

// The model graph: inputs tokens, positions i64 [batch, seq] (and seed, step, row i64 [] if `training` and
// the model has dropout), output logits [batch, seq, vocab_size], symbols batch and seq <= context_length.
// Parameters are states.
StatusOr<Graph> BuildTransformer(const TransformerConfig& config, bool training);

}  // namespace weft
