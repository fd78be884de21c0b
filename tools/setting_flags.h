// The settings of training as flags, for every command that trains: a preset, a JSON file and the flags
// themselves.
#pragma once
#include <CLI/App.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "frontends/models/transformer_config.h"
#include "runtime/train/settings.h"

namespace weft {

class SettingFlags {
 public:
  // A flag for each setting (for those named in `only`, if it is not empty), --preset and --config. The
  // object must live as long as the command.
  void AddTo(CLI::App* command, std::initializer_list<std::string_view> only = {});
  // defaults < preset < config < flags, checked. `defaults` are what --help shows, too.
  StatusOr<TrainSettings> Resolve() const;
  // Only the flags that were given, over `settings`.
  Status Apply(TrainSettings* settings) const;

  TrainSettings defaults;

 private:
  std::string preset_, config_;
  std::vector<std::string> given_ = std::vector<std::string>(AllSettings().size());
  std::vector<CLI::Option*> options_ =
      std::vector<CLI::Option*>(AllSettings().size());  // null: not a flag here
};

// The model that the settings describe; the error names the flag.
StatusOr<TransformerConfig> ModelOf(const TrainSettings& settings, int64_t vocab_size);

}  // namespace weft
