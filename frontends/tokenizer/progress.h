// How far a long run is, and a way to stop it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace weft {

struct Progress {
  std::string_view stage;  // "reading", "merging", "encoding"
  int64_t done = 0;
  int64_t total = -1;  // -1: not known
  double seconds = 0;  // since the stage began
  // Per second; 0 at the very beginning.
  double rate() const { return seconds > 0 ? static_cast<double>(done) / seconds : 0; }
  // -1 where it cannot be told.
  double seconds_left() const {
    return total < 0 || done <= 0 ? -1
                                  : seconds / static_cast<double>(done) * static_cast<double>(total - done);
  }
};

// Both may be empty, and are called from one thread at a time, not always the same one.
struct RunControl {
  std::function<void(const Progress&)> progress;
  std::function<bool()> cancelled;  // polled; true ends the run with a Cancelled error

  bool Cancelled() const { return cancelled && cancelled(); }
  void Report(const Progress& report) const {
    if (progress) progress(report);
  }
};

// "encoding: 12.3 of 100.0 MB (12 %), 85.1 MB/s, 1 s left"; `unit` "MB" counts 10^6, anything else ones.
std::string ToString(const Progress& progress, std::string_view unit);

}  // namespace weft
