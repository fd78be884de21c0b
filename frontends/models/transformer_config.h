// Settings of the decoder-only transformer: CS336's model with its ablations, Llama's shape among them.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/layers/feed_forward.h"
#include "frontends/layers/rotary.h"

namespace weft {

enum class NormPlace : uint8_t { kPre, kPost, kNone };
std::string_view Name(NormPlace place);
bool FromName(std::string_view name, NormPlace* place);

struct TransformerConfig {
  int64_t vocab_size = 0;
  int64_t context_length = 256;
  int64_t d_model = 128;
  int64_t num_layers = 4;
  int64_t num_heads = 4;
  int64_t num_kv_heads = 0;  // 0: as many as num_heads
  int64_t head_dim = 0;      // 0: d_model / num_heads
  int64_t d_ff = 0;          // 0: 8/3 d_model (swiglu) or 4 d_model, rounded up to a multiple of 8
  NormPlace norm = NormPlace::kPre;
  RopeLayout rope = RopeLayout::kHalf;
  float rope_theta = 10000;
  FeedForwardKind feed_forward = FeedForwardKind::kSwiGlu;
  bool tie_embeddings = false;
  bool qk_norm = false;
  bool bias = false;
  float norm_epsilon = 1e-5f;
  float dropout = 0;

  // Fills what is 0 for "default", then checks that all fits together; the error names field, expected and
  // got:
  // "--d-model 130 is not divisible by --num-heads 4".
  Status Complete();
  // True if Hugging Face's Llama (or, with q/k norm, Qwen3) computes the same: its names and config.json are
  // used.
  bool IsLlamaShaped() const;
};

// config.json: Llama's or Qwen3's where the shape is theirs, else model_type "weft_transformer" with weft's
// own fields.
nlohmann::json ToJson(const TransformerConfig& config);
StatusOr<TransformerConfig> TransformerConfigFromJson(const nlohmann::json& json, const std::string& file);

// "tiny", "small", "cs336-17m", ...: shapes under a name; vocab_size stays 0 where the data decides it.
struct TransformerPreset {
  std::string_view name, description;
  TransformerConfig config;
};
const std::vector<TransformerPreset>& TransformerPresets();
std::string PresetNames();                                      // with commas between
StatusOr<TransformerConfig> FindPreset(std::string_view name);  // an unknown name lists them

}  // namespace weft
