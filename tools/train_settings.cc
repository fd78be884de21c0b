#include "tools/train_settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "frontends/models/transformer_config.h"
#include "tools/commands.h"

namespace weft {
namespace {

// The model's part of the settings as the preset has it.
void TakePreset(const TransformerConfig& c, TrainSettings* s) {
  s->d_model = c.d_model, s->num_layers = c.num_layers, s->num_heads = c.num_heads,
  s->num_kv_heads = c.num_kv_heads, s->d_ff = c.d_ff;
  s->context_length = c.context_length, s->tie_embeddings = c.tie_embeddings;
  if (c.vocab_size != 0) s->vocab_size = c.vocab_size;
}

void TakeModel(const TransformerConfig& c, TrainSettings* s) {
  TakePreset(c, s);
  s->head_dim = c.head_dim;
  s->norm = Name(c.norm), s->rope = Name(c.rope), s->feed_forward = Name(c.feed_forward);
  s->rope_theta = DecimalOf(c.rope_theta), s->norm_epsilon = DecimalOf(c.norm_epsilon);
  s->qk_norm = c.qk_norm, s->bias = c.bias;
}

StatusOr<Json> ReadConfig(const TrainFlags& flags) {
  if (flags.config.empty()) return Json::object();
  return ReadJsonFile(flags.config);
}

Status TakeFlags(const TrainFlags& flags, TrainSettings* s) {
  for (size_t i = 0; i < flags.options.size(); ++i) {
    if (flags.options[i] == nullptr || flags.options[i]->count() == 0) continue;
    WEFT_RETURN_IF_ERROR(UsageError(FromText(flags.given[i], AllSettings()[i], s)));
  }
  return Check(*s);
}

std::string TypeName(const Setting& s) {
  if (std::holds_alternative<int64_t TrainSettings::*>(s.member)) return "INT";
  return std::holds_alternative<double TrainSettings::*>(s.member) ? "FLOAT" : "TEXT";
}

}  // namespace

void AddSettingOptions(CLI::App* command, TrainFlags* flags, std::initializer_list<std::string_view> only,
                       const TrainSettings& defaults) {
  command->add_option("--config", flags->config, "settings as JSON; flags win")->group("Run");
  command->add_option("--preset", flags->preset, "a named shape: " + PresetNames())->group("Model");
  for (size_t i = 0; i < AllSettings().size(); ++i) {
    const Setting& s = AllSettings()[i];
    flags->options.push_back(nullptr);
    if (only.size() > 0 && std::find(only.begin(), only.end(), s.name) == only.end()) continue;
    const std::string flag = "--" + std::string(s.name);
    if (std::holds_alternative<bool TrainSettings::*>(s.member)) {
      flags->options[i] = command->add_flag(flag + "{true}", flags->given[i], std::string(s.help));
    } else if (!s.alone.empty()) {
      flags->options[i] =
          command->add_flag(fmt::format("{}{{{}}}", flag, s.alone), flags->given[i], std::string(s.help));
    } else {
      flags->options[i] = command->add_option(flag, flags->given[i], std::string(s.help));
      flags->options[i]->default_str(ToText(defaults, s))->type_name(TypeName(s));
    }
    flags->options[i]->group(std::string(s.group));
  }
}

StatusOr<TrainSettings> ResolveSettings(const TrainFlags& flags, const TransformerConfig* initial) {
  TrainSettings s;
  if (initial != nullptr) TakeModel(*initial, &s);
  WEFT_ASSIGN_OR_RETURN(Json config, ReadConfig(flags));
  std::string preset = flags.preset;
  if (config.is_object() && config.contains("preset")) {
    WEFT_ASSIGN_OR_RETURN(const std::string named, GetString(config, "preset", flags.config));
    if (preset.empty()) preset = named;
    config.erase("preset");
  }
  if (!preset.empty()) {
    const StatusOr<TransformerConfig> c = FindPreset(preset);
    if (!c.ok()) return flags.preset.empty() ? c.status() : UsageError(c.status());
    TakePreset(*c, &s);
  }
  WEFT_RETURN_IF_ERROR(FromJson(config, flags.config, &s));
  WEFT_RETURN_IF_ERROR(TakeFlags(flags, &s));
  return s;
}

StatusOr<bool> SaysTokenizer(const TrainFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(const Json config, ReadConfig(flags));
  if (config.is_object() && config.contains("tokenizer")) return true;
  for (size_t i = 0; i < flags.options.size(); ++i) {
    if (flags.options[i] != nullptr && AllSettings()[i].name == "tokenizer" && flags.options[i]->count() > 0)
      return true;
  }
  return false;
}

StatusOr<TrainSettings> ChangedSettings(const TrainFlags& flags, const TrainSettings& before) {
  TrainSettings s = before;
  WEFT_ASSIGN_OR_RETURN(const Json config, ReadConfig(flags));
  WEFT_RETURN_IF_ERROR(FromJson(config, flags.config, &s));
  WEFT_RETURN_IF_ERROR(TakeFlags(flags, &s));
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

std::vector<std::string> ModelDifferences(const TransformerConfig& there, const TransformerConfig& here) {
  std::vector<std::string> differences;
  const auto compare = [&](std::string_view name, const auto& a, const auto& b) {
    if (a != b) differences.push_back(fmt::format("{} is {} there, {} here", name, a, b));
  };
  compare("vocab_size", there.vocab_size, here.vocab_size);
  compare("d_model", there.d_model, here.d_model);
  compare("num_layers", there.num_layers, here.num_layers);
  compare("num_heads", there.num_heads, here.num_heads);
  compare("num_kv_heads", there.num_kv_heads, here.num_kv_heads);
  compare("head_dim", there.head_dim, here.head_dim);
  compare("d_ff", there.d_ff, here.d_ff);
  compare("norm", Name(there.norm), Name(here.norm));
  compare("rope", Name(there.rope), Name(here.rope));
  compare("rope_theta", there.rope_theta, here.rope_theta);
  compare("feed_forward", Name(there.feed_forward), Name(here.feed_forward));
  compare("norm_epsilon", there.norm_epsilon, here.norm_epsilon);
  compare("tie_embeddings", there.tie_embeddings, here.tie_embeddings);
  compare("qk_norm", there.qk_norm, here.qk_norm);
  compare("bias", there.bias, here.bias);
  return differences;
}

}  // namespace weft
