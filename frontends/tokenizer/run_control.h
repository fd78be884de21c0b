// How far a long run is, and a way to stop it.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

namespace weft {

struct RunControl {
  // stage is "reading" (bytes), "merging" (merges) or "encoding" (bytes); total is -1 where it is not known.
  std::function<void(std::string_view stage, int64_t done, int64_t total)> progress;
  // Polled; true ends the run with a Cancelled error. Both are called from one thread at a time, not always
  // the same one, and may be empty.
  std::function<bool()> cancelled;

  bool Cancelled() const { return cancelled && cancelled(); }
  void Report(std::string_view stage, int64_t done, int64_t total) const {
    if (progress) progress(stage, done, total);
  }
};

}  // namespace weft
