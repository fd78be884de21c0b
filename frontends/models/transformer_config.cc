#include "frontends/models/transformer_config.h"

#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/quote.h"
#include "base/suggest.h"

namespace weft {

static constexpr std::string_view kPlaces[] = {"pre", "post", "none"};
std::string_view Name(NormPlace place) { return kPlaces[static_cast<int>(place)]; }
bool FromName(std::string_view name, NormPlace* place) {
  for (size_t i = 0; i < std::size(kPlaces); ++i) {
    if (kPlaces[i] != name) continue;
    *place = static_cast<NormPlace>(i);
    return true;
  }
  return false;
}

namespace {

Status CheckRange(std::string_view flag, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return OkStatus();
  return InvalidArgument("--{} is {}, expected {} to {}", flag, value, low, high);
}

}  // namespace

Status TransformerConfig::Complete() {
  WEFT_RETURN_IF_ERROR(CheckRange("vocab-size", vocab_size, 1, int64_t{1} << 24));
  WEFT_RETURN_IF_ERROR(CheckRange("context-length", context_length, 1, int64_t{1} << 24));
  WEFT_RETURN_IF_ERROR(CheckRange("d-model", d_model, 1, int64_t{1} << 20));
  WEFT_RETURN_IF_ERROR(CheckRange("num-layers", num_layers, 1, 10000));
  WEFT_RETURN_IF_ERROR(CheckRange("num-heads", num_heads, 1, int64_t{1} << 16));
  if (head_dim == 0) {
    if (d_model % num_heads != 0) {
      return InvalidArgument("--d-model {} is not divisible by --num-heads {}", d_model, num_heads);
    }
    head_dim = d_model / num_heads;
  }
  WEFT_RETURN_IF_ERROR(CheckRange("head-dim", head_dim, 1, int64_t{1} << 16));
  if (num_kv_heads == 0) num_kv_heads = num_heads;
  if (num_kv_heads < 0 || num_heads % num_kv_heads != 0) {
    return InvalidArgument("--num-heads {} is not divisible by --num-kv-heads {}", num_heads, num_kv_heads);
  }
  if (rope != RopeLayout::kNone && head_dim % 2 != 0) {
    return InvalidArgument("rotary positions need an even head size, --d-model {} / --num-heads {} gives {}",
                           d_model, num_heads, head_dim);
  }
  if (d_ff == 0) {
    const int64_t wanted = feed_forward == FeedForwardKind::kSwiGlu ? 8 * d_model / 3 : 4 * d_model;
    d_ff = (wanted + 7) / 8 * 8;
  }
  WEFT_RETURN_IF_ERROR(CheckRange("d-ff", d_ff, 1, int64_t{1} << 24));
  if (!(dropout >= 0 && dropout < 1)) return InvalidArgument("--dropout is {}, expected 0 <= p < 1", dropout);
  if (!(norm_epsilon > 0)) return InvalidArgument("--norm-epsilon is {}, expected more than 0", norm_epsilon);
  if (!(rope_theta > 0) || !std::isfinite(rope_theta)) {
    return InvalidArgument("--rope-theta is {}, expected more than 0", rope_theta);
  }
  return OkStatus();
}

bool TransformerConfig::IsLlamaShaped() const {
  return norm == NormPlace::kPre && rope == RopeLayout::kHalf && feed_forward == FeedForwardKind::kSwiGlu &&
         (!bias || !qk_norm);
}

Json ToJson(const TransformerConfig& c) {
  Json j;
  j["vocab_size"] = c.vocab_size;
  j["hidden_size"] = c.d_model;
  j["intermediate_size"] = c.d_ff;
  j["num_hidden_layers"] = c.num_layers;
  j["num_attention_heads"] = c.num_heads;
  j["num_key_value_heads"] = c.num_kv_heads;
  j["head_dim"] = c.head_dim;
  j["max_position_embeddings"] = c.context_length;
  j["rms_norm_eps"] = DecimalOf(c.norm_epsilon);
  j["rope_theta"] = DecimalOf(c.rope_theta);
  j["tie_word_embeddings"] = c.tie_embeddings;
  j["attention_dropout"] = 0.0;
  j["attention_bias"] = c.bias;
  j["torch_dtype"] = "float32";
  if (c.IsLlamaShaped()) {
    j["model_type"] = c.qk_norm ? "qwen3" : "llama";
    j["architectures"] = {c.qk_norm ? "Qwen3ForCausalLM" : "LlamaForCausalLM"};
    j["hidden_act"] = "silu";
    if (!c.qk_norm) j["mlp_bias"] = c.bias;
  } else {
    j["model_type"] = "weft_transformer";
    j["norm"] = Name(c.norm);
    j["rope"] = Name(c.rope);
    j["feed_forward"] = Name(c.feed_forward);
    j["qk_norm"] = c.qk_norm;
  }
  j["dropout"] = DecimalOf(c.dropout);
  return j;
}

namespace {

template <class T>
Status ReadName(const Json& json, const std::string& field, const std::string& file, T* value) {
  WEFT_ASSIGN_OR_RETURN(const std::string name, GetString(json, field, file));
  if (!FromName(name, value)) return InvalidArgument("{}: {} is '{}', which is not known", file, field, name);
  return OkStatus();
}

Status ReadKind(const Json& json, const std::string& file, TransformerConfig* c) {
  WEFT_ASSIGN_OR_RETURN(const std::string type, GetString(json, "model_type", file));
  if (type == "weft_transformer") {
    WEFT_RETURN_IF_ERROR(ReadName(json, "norm", file, &c->norm));
    WEFT_RETURN_IF_ERROR(ReadName(json, "rope", file, &c->rope));
    WEFT_RETURN_IF_ERROR(ReadName(json, "feed_forward", file, &c->feed_forward));
    WEFT_ASSIGN_OR_RETURN(c->qk_norm, GetBoolOr(json, "qk_norm", false, file));
    return OkStatus();
  }
  if (type != "llama" && type != "qwen3") {
    return Unimplemented("{}: model_type '{}' is not one of llama, qwen3, weft_transformer", file, type);
  }
  c->qk_norm = type == "qwen3";
  WEFT_ASSIGN_OR_RETURN(const std::string act, GetStringOr(json, "hidden_act", "silu", file));
  if (act != "silu") return Unimplemented("{}: hidden_act '{}', only silu is read", file, act);
  if (json.contains("rope_scaling") && !json["rope_scaling"].is_null()) {
    return Unimplemented("{}: rope_scaling is not read yet", file);
  }
  return OkStatus();
}

}  // namespace

StatusOr<TransformerConfig> TransformerConfigFromJson(const Json& json, const std::string& file) {
  if (!json.is_object()) return InvalidArgument("{}: expected a JSON object", file);
  TransformerConfig c;
  WEFT_RETURN_IF_ERROR(ReadKind(json, file, &c));
  WEFT_ASSIGN_OR_RETURN(c.vocab_size, GetInt(json, "vocab_size", file));
  WEFT_ASSIGN_OR_RETURN(c.d_model, GetInt(json, "hidden_size", file));
  WEFT_ASSIGN_OR_RETURN(c.d_ff, GetInt(json, "intermediate_size", file));
  WEFT_ASSIGN_OR_RETURN(c.num_layers, GetInt(json, "num_hidden_layers", file));
  WEFT_ASSIGN_OR_RETURN(c.num_heads, GetInt(json, "num_attention_heads", file));
  WEFT_ASSIGN_OR_RETURN(c.num_kv_heads, GetIntOr(json, "num_key_value_heads", 0, file));
  WEFT_ASSIGN_OR_RETURN(c.head_dim, GetIntOr(json, "head_dim", 0, file));
  WEFT_ASSIGN_OR_RETURN(c.context_length, GetInt(json, "max_position_embeddings", file));
  WEFT_ASSIGN_OR_RETURN(const double norm_epsilon,
                        GetDoubleOr(json, "rms_norm_eps", static_cast<double>(c.norm_epsilon), file));
  c.norm_epsilon = static_cast<float>(norm_epsilon);
  WEFT_ASSIGN_OR_RETURN(const double rope_theta,
                        GetDoubleOr(json, "rope_theta", static_cast<double>(c.rope_theta), file));
  c.rope_theta = static_cast<float>(rope_theta);
  WEFT_ASSIGN_OR_RETURN(const double dropout,
                        GetDoubleOr(json, "dropout", static_cast<double>(c.dropout), file));
  c.dropout = static_cast<float>(dropout);
  WEFT_ASSIGN_OR_RETURN(c.tie_embeddings, GetBoolOr(json, "tie_word_embeddings", false, file));
  WEFT_ASSIGN_OR_RETURN(c.bias, GetBoolOr(json, "attention_bias", false, file));
  const Status complete = c.Complete();
  if (!complete.ok()) return Prefix(file, complete);
  return c;
}

const std::vector<TransformerPreset>& TransformerPresets() {
  static const auto* presets = [] {
    auto* all = new std::vector<TransformerPreset>;
    auto add = [&](std::string_view name, std::string_view description, int64_t d, int64_t layers,
                   int64_t heads, int64_t ff, int64_t context, int64_t vocab) {
      TransformerConfig c;
      c.d_model = d, c.num_layers = layers, c.num_heads = heads, c.d_ff = ff, c.context_length = context;
      c.vocab_size = vocab;
      all->push_back({name, description, c});
    };
    add("tiny", "0.8 M parameters and the embedding; minutes on a laptop", 128, 4, 4, 344, 128, 0);
    add("small", "4.8 M parameters and the embedding", 256, 6, 8, 688, 256, 0);
    add("cs336-17m", "Stanford CS336's model: 22.7 M parameters", 512, 4, 16, 1344, 256, 10000);
    add("124m", "GPT-2's smallest shape, the head tied: 123.6 M parameters", 768, 12, 12, 2048, 1024, 50304);
    all->back().config.tie_embeddings = true;
    add("163m", "a small Llama's shape: 162.8 M parameters", 576, 30, 9, 1536, 2048, 49152);
    all->back().config.num_kv_heads = 3;
    add("1.5b", "a larger Llama's: 1.50 G parameters", 2048, 16, 32, 8192, 2048, 128256);
    all->back().config.num_kv_heads = 8;
    return all;
  }();
  return *presets;
}

std::string PresetNames() {
  std::string names;
  for (const TransformerPreset& p : TransformerPresets())
    names += (names.empty() ? "" : ", ") + std::string(p.name);
  return names;
}

StatusOr<TransformerConfig> FindPreset(std::string_view name) {
  std::vector<std::string_view> names;
  for (const TransformerPreset& p : TransformerPresets()) {
    if (p.name == name) return p.config;
    names.push_back(p.name);
  }
  return InvalidArgument("there is no preset {}{} (the presets are {})", Quote(name), DidYouMean(name, names),
                         PresetNames());
}

}  // namespace weft
