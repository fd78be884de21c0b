#include "frontends/models/transformer.h"

#include <cmath>

#include "ops/operators.h"

namespace weft {

TransformerBlock::TransformerBlock(const TransformerConfig& c)
    : place_(c.norm),
      self_attn_(Register<SelfAttention>(
          "self_attn", AttentionConfig{c.d_model, c.num_heads, c.num_kv_heads, c.head_dim, c.bias, c.qk_norm,
                                       c.norm_epsilon})),
      mlp_(Register<FeedForward>("mlp", c.d_model, c.d_ff, c.feed_forward, c.bias)),
      dropout_(Register<Dropout>("dropout", c.dropout)) {
  if (c.norm == NormPlace::kNone) return;
  input_layernorm_ = &Register<RmsNorm>("input_layernorm", c.d_model, c.norm_epsilon);
  post_attention_layernorm_ = &Register<RmsNorm>("post_attention_layernorm", c.d_model, c.norm_epsilon);
}

Var TransformerBlock::Residual(Var x, const RmsNorm* norm, const std::function<Var(Var)>& layer,
                               const RandomInputs& random) const {
  const bool pre = place_ == NormPlace::kPre, post = place_ == NormPlace::kPost;
  const Var y = dropout_.Forward(layer(pre ? norm->Forward(x) : x), random);
  const Var sum = x + y;
  return post ? norm->Forward(sum) : sum;
}

Var TransformerBlock::Forward(Var x, Var positions, const RotaryTables* rotary,
                              const RandomInputs& random) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  x = Residual(
      x, input_layernorm_, [&](Var h) { return self_attn_.Forward(h, positions, rotary); }, random);
  return Residual(
      x, post_attention_layernorm_, [&](Var h) { return mlp_.Forward(h); }, random);
}

Transformer::Transformer(const TransformerConfig& c)
    : config_(c),
      // A tied embedding is the head too: its logits must not begin large.
      embed_tokens_(Register<Embedding>(
          "model.embed_tokens", c.vocab_size, c.d_model,
          Initializer::TruncatedNormal(c.tie_embeddings ? 1 / std::sqrt(static_cast<float>(c.d_model))
                                                        : 1.0f))),
      layers_(Register<ModuleList<TransformerBlock>>("model.layers")),
      dropout_(Register<Dropout>("model.dropout", c.dropout)) {
  for (int64_t i = 0; i < c.num_layers; ++i) layers_.Append(c);
  if (c.rope != RopeLayout::kNone) {
    rotary_ = &Register<RotaryTables>("model.rotary_emb", c.context_length, c.head_dim, c.rope_theta, c.rope);
  }
  if (c.norm != NormPlace::kNone) norm_ = &Register<RmsNorm>("model.norm", c.d_model, c.norm_epsilon);
  if (!c.tie_embeddings) lm_head_ = &Register<Linear>("lm_head", c.d_model, c.vocab_size, false);
}

Var Transformer::Forward(Var tokens, Var positions, const RandomInputs& random) const {
  Var x = dropout_.Forward(embed_tokens_.Forward(tokens), random);
  for (const TransformerBlock* block : layers_) x = block->Forward(x, positions, rotary_, random);
  if (norm_ != nullptr) x = norm_->Forward(x);
  if (lm_head_ != nullptr) return lm_head_->Forward(x);
  if (!x.valid()) return {};
  ScopeGuard scope(*x.builder, "lm_head");
  return LinearProduct(x, embed_tokens_.weight().In(*x.builder));
}

StatusOr<Graph> BuildTransformer(const TransformerConfig& config, bool training) {
  Graph graph;
  graph.name = "transformer";
  graph.symbol_bounds["seq"] = config.context_length;
  graph.symbol_bounds["batch"] = int64_t{1} << 20;
  Builder b(graph);
  const Dims shape = {Dim::Symbol("batch"), Dim::Symbol("seq")};
  const Var tokens = b.Input("tokens", {DataType::kI64, shape});
  const Var positions = b.Input("positions", {DataType::kI64, shape});
  RandomInputs random;
  if (training && config.dropout > 0) {
    random = {b.Input("seed", {DataType::kI64, {}}), b.Input("step", {DataType::kI64, {}}),
              b.Input("row", {DataType::kI64, {}})};
  }
  const Transformer model(config);
  b.Output(model.Forward(tokens, positions, random), "logits");
  WEFT_RETURN_IF_ERROR(b.status());
  return graph;
}

}  // namespace weft
