#include "tools/profile_flag.h"

#include <CLI/CLI.hpp>

#include "tools/standard_streams.h"

namespace weft {

void ProfileFlag::AddTo(CLI::App* command) {
  command
      ->add_option("--profile", path_,
                   "write a Chrome trace JSON here, and kernel time by operator to standard error")
      ->default_str("");
}

Profile* ProfileFlag::Begin() {
  if (path_.empty()) return nullptr;
  return &profile_.emplace();
}

Status ProfileFlag::Finish() const {
  if (!profile_) return OkStatus();
  Say(FormatTotals(profile_->ByOp()));
  return profile_->WriteChromeTrace(path_);
}

}  // namespace weft
