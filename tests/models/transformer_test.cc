// The transformer with its ablations: every combination compiles to a training step whose parameters are
// those that the formula says, and learns in one step.
#include "frontends/models/transformer.h"

#include <gtest/gtest.h>

#include <set>

#include "compiler/compile.h"
#include "compiler/passes/optimizer.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/train/programs.h"

namespace weft {
namespace {

int64_t ExpectedParameters(const TransformerConfig& c) {
  const int64_t q = c.num_heads * c.head_dim, kv = c.num_kv_heads * c.head_dim;
  int64_t block = c.d_model * q * 2 + c.d_model * kv * 2;
  if (c.bias) block += q + 2 * kv + c.d_model;
  const int64_t matrices = c.feed_forward == FeedForwardKind::kSwiGlu ? 3 : 2;
  block += matrices * c.d_model * c.d_ff;
  if (c.bias) block += (matrices - 1) * c.d_ff + c.d_model;
  if (c.qk_norm) block += 2 * c.head_dim;
  if (c.norm != NormPlace::kNone) block += 2 * c.d_model;
  return c.num_layers * block + (c.norm != NormPlace::kNone ? c.d_model : 0) +
         c.vocab_size * c.d_model * (c.tie_embeddings ? 1 : 2);
}

TransformerConfig Small() {
  TransformerConfig c;
  c.vocab_size = 11, c.context_length = 6, c.d_model = 8, c.num_layers = 1, c.num_heads = 2, c.d_ff = 12;
  return c;
}

void ExpectCompiles(TransformerConfig c) {
  ASSERT_TRUE(c.Complete().ok());
  SCOPED_TRACE(fmt::format("norm {} rope {} feed-forward {} tied {} qk_norm {} kv {} bias {}", Name(c.norm),
                           Name(c.rope), Name(c.feed_forward), c.tie_embeddings, c.qk_norm, c.num_kv_heads,
                           c.bias));
  auto training = BuildTransformer(c, true), evaluation = BuildTransformer(c, false);
  ASSERT_TRUE(training.ok()) << Message(training.status());
  ASSERT_TRUE(evaluation.ok()) << Message(evaluation.status());
  TrainSettings s;
  s.batch_size = 2;
  s.context_length = c.context_length;
  const CpuTarget target(KernelContext{1, false});
  const auto programs = CompileTrainPrograms(*training, *evaluation, s, target, {.evaluation_batch = 2});
  ASSERT_TRUE(programs.ok()) << Message(programs.status());
  int64_t parameters = 0;
  for (const Port& state : programs->step.states) {
    if (state.role == StateRole::kParameter) parameters += NumElements(state.shape);
  }
  EXPECT_EQ(parameters, ExpectedParameters(c));
}

TEST(Transformer, EveryAblationCompiles) {
  for (const NormPlace norm : {NormPlace::kPre, NormPlace::kPost, NormPlace::kNone}) {
    for (const RopeLayout rope : {RopeLayout::kHalf, RopeLayout::kInterleaved, RopeLayout::kNone}) {
      for (const char* kind : {"swiglu", "silu", "relu2", "gelu"}) {
        for (int bits = 0; bits < 16; ++bits) {
          TransformerConfig c = Small();
          c.norm = norm;
          c.rope = rope;
          ASSERT_TRUE(FromName(kind, &c.feed_forward));
          c.tie_embeddings = (bits & 1) != 0;
          c.qk_norm = (bits & 2) != 0;
          c.num_kv_heads = (bits & 4) != 0 ? 1 : 2;
          c.bias = (bits & 8) != 0;
          ExpectCompiles(c);
        }
      }
    }
  }
}

// Vectors and the embedding are not decayed unless asked; a tied head is the embedding.
TEST(Transformer, DecayGroups) {
  TransformerConfig c = Small();
  c.bias = true;
  const auto decayed = [&](const OptimizerOptions& options) {
    TransformerConfig complete = c;
    EXPECT_TRUE(complete.Complete().ok());
    std::set<std::string> names;
    for (const DecayGroup& g : DecayGroups(*BuildTransformer(complete, true), options)) {
      if (g.decayed) names.insert(g.parameter);
    }
    return names;
  };
  const std::string block = "model.layers.0.";
  const std::set<std::string> matrices = {
      block + "self_attn.q_proj.weight", block + "self_attn.k_proj.weight",
      block + "self_attn.v_proj.weight", block + "self_attn.o_proj.weight",
      block + "mlp.gate_proj.weight",    block + "mlp.up_proj.weight",
      block + "mlp.down_proj.weight",    "lm_head.weight"};
  EXPECT_EQ(decayed({}), matrices);
  std::set<std::string> more = matrices;
  more.insert("model.embed_tokens.weight");
  EXPECT_EQ(decayed({.decay_embeddings = true}), more);
  const std::set<std::string> vectors = decayed({.decay_vectors = true});
  EXPECT_TRUE(vectors.contains("model.norm.weight"));
  EXPECT_TRUE(vectors.contains(block + "self_attn.q_proj.bias"));
  EXPECT_FALSE(vectors.contains("model.embed_tokens.weight"));
  c.tie_embeddings = true;
  std::set<std::string> tied = matrices;
  tied.erase("lm_head.weight");
  EXPECT_EQ(decayed({}), tied);
}

TEST(Transformer, ThePresetHasTheParametersOfTheCourse) {
  TransformerConfig c = *FindPreset("cs336-17m");
  c.vocab_size = 10000;
  ASSERT_TRUE(c.Complete().ok());
  EXPECT_EQ(Transformer(c).NumParameters(), 22'696'448);
  EXPECT_EQ(ExpectedParameters(c), 22'696'448);
}

}  // namespace
}  // namespace weft
