// From flags, a JSON file, a preset and a model directory to the settings of a run, and from those to its
// model.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/models/transformer_config.h"
#include "runtime/train/settings.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace weft {

// Tokens, where neither a preset nor data says how many.
inline constexpr int64_t kUsualVocabulary = 4096;

struct TrainFlags {
  std::vector<std::string> text;
  std::string data, out, resume, report, preset, config, init_from, profile;
  bool dry_run = false, json = false;
  // Values given on the command line, by the setting's index, and their options: count() says which were
  // given.
  std::vector<std::string> given = std::vector<std::string>(AllSettings().size());
  std::vector<CLI::Option*> options;  // null: the command has no such flag
};

// A flag for each setting, or for those named in `only` if it is not empty; --preset and --config. `flags`
// must live as long as the command, and `defaults` are what --help shows.
void AddSettingOptions(CLI::App* command, TrainFlags* flags,
                       std::initializer_list<std::string_view> only = {}, const TrainSettings& defaults = {});

// defaults < `initial` (if not null: the model whose weights the run begins with) < preset < config < flags,
// each within its range.
StatusOr<TrainSettings> ResolveSettings(const TrainFlags& flags, const TransformerConfig* initial);
// Whether flags or the config file say which tokenizer.
StatusOr<bool> SaysTokenizer(const TrainFlags& flags);
// The settings of a run with what config and flags change of them.
StatusOr<TrainSettings> ChangedSettings(const TrainFlags& flags, const TrainSettings& before);

// The complete configuration; errors name the flag.
StatusOr<TransformerConfig> ModelOf(const TrainSettings& settings, int64_t vocab_size);
// "d_model is 64 there, 128 here", for each setting of the model that changes what its weights mean. Not the
// context length nor dropout.
std::vector<std::string> ModelDifferences(const TransformerConfig& there, const TransformerConfig& here);

}  // namespace weft
