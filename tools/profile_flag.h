// --profile FILE of the commands that run a model: where each kernel's time went.
#pragma once
#include <optional>
#include <string>

#include "runtime/executor/profile.h"

namespace CLI {
class App;
}  // namespace CLI

namespace weft {

class ProfileFlag {
 public:
  void AddTo(CLI::App* command);
  // What programs write their spans to; null without the flag.
  Profile* Begin();
  // The trace to the file, and kernel time by operator to standard error.
  Status Finish() const;

 private:
  std::string path_;
  std::optional<Profile> profile_;
};

}  // namespace weft
