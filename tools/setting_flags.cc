#include "tools/setting_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"

namespace weft {
namespace {

// The model's part of the settings as the preset has it.
void TakePreset(const TransformerConfig& c, TrainSettings* s) {
  s->d_model = c.d_model, s->num_layers = c.num_layers, s->num_heads = c.num_heads, s->d_ff = c.d_ff;
  s->context_length = c.context_length;
  if (c.vocab_size != 0) s->vocab_size = c.vocab_size;
}

}  // namespace

void SettingFlags::AddTo(CLI::App* command, std::initializer_list<std::string_view> only) {
  command->add_option("--config", config_, "settings as JSON; flags win")->group("Run");
  command->add_option("--preset", preset_, "a named shape: tiny, small, cs336-17m, 124m")->group("Model");
  for (size_t i = 0; i < AllSettings().size(); ++i) {
    const Setting& s = AllSettings()[i];
    if (only.size() > 0 && std::find(only.begin(), only.end(), s.name) == only.end()) continue;
    const std::string flag = "--" + std::string(s.name);
    if (std::holds_alternative<bool TrainSettings::*>(s.member)) {
      options_[i] = command->add_flag(flag + "{true}", given_[i], std::string(s.help));
    } else {
      options_[i] = command->add_option(flag, given_[i], std::string(s.help));
      options_[i]->default_str(ToText(defaults, s));
    }
    options_[i]->group(std::string(s.group));
  }
}

Status SettingFlags::Apply(TrainSettings* settings) const {
  for (size_t i = 0; i < options_.size(); ++i) {
    if (options_[i] == nullptr || options_[i]->count() == 0) continue;
    WEFT_RETURN_IF_ERROR(FromText(given_[i], AllSettings()[i], settings));
  }
  return OkStatus();
}

StatusOr<TrainSettings> SettingFlags::Resolve() const {
  TrainSettings s = defaults;
  Json config = Json::object();
  if (!config_.empty()) {
    WEFT_ASSIGN_OR_RETURN(config, ReadJsonFile(config_));
  }
  std::string preset = preset_;
  if (config.is_object() && config.contains("preset")) {
    WEFT_ASSIGN_OR_RETURN(const std::string named, GetString(config, "preset", config_));
    if (preset.empty()) preset = named;
    config.erase("preset");
  }
  if (!preset.empty()) {
    WEFT_ASSIGN_OR_RETURN(const TransformerConfig c, FindPreset(preset));
    TakePreset(c, &s);
  }
  WEFT_RETURN_IF_ERROR(FromJson(config, config_, &s));
  WEFT_RETURN_IF_ERROR(Apply(&s));
  WEFT_RETURN_IF_ERROR(Check(s));
  return s;
}

StatusOr<TransformerConfig> ModelOf(const TrainSettings& s, int64_t vocab_size) {
  TransformerConfig c;
  c.vocab_size = vocab_size;
  c.context_length = s.context_length, c.d_model = s.d_model, c.num_layers = s.num_layers,
  c.num_heads = s.num_heads;
  c.num_kv_heads = s.num_kv_heads, c.head_dim = s.head_dim, c.d_ff = s.d_ff;
  c.rope_theta = static_cast<float>(s.rope_theta), c.norm_epsilon = static_cast<float>(s.norm_epsilon);
  c.dropout = static_cast<float>(s.dropout);
  c.tie_embeddings = s.tie_embeddings, c.qk_norm = s.qk_norm, c.bias = s.bias;
  if (!FromName(s.norm, &c.norm))
    return InvalidArgument("--norm is '{}', expected pre, post or none", s.norm);
  if (!FromName(s.rope, &c.rope))
    return InvalidArgument("--rope is '{}', expected half, interleaved or none", s.rope);
  if (!FromName(s.feed_forward, &c.feed_forward)) {
    return InvalidArgument("--feed-forward is '{}', expected swiglu, silu, relu2 or gelu", s.feed_forward);
  }
  WEFT_RETURN_IF_ERROR(c.Complete());
  return c;
}

}  // namespace weft
