// A progress line on stderr: rate and time left, redrawn in place, only on a terminal.
//
//   encode  42% | 12.3 MiB of 29.1 MiB | 4.10 MiB/s | 0:04 left
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace weft {

// Where the line goes; tests replace it.
struct ProgressOutput {
  std::function<void(std::string_view)> write;
  std::function<double()> now;   // seconds, monotonic
  std::function<int()> columns;  // the terminal's width; 0: not a terminal
  static ProgressOutput Stderr();
};

// Used from one thread. Update costs a look at the clock and may be called as often as one likes.
class Progress {
 public:
  struct Options {
    std::string label;
    int64_t total = 0;          // 0: not known; then no percentage and no time left
    bool bytes = false;         // counts are bytes
    std::string unit = {};      // of counts: "tokens"
    double plain_interval = 0;  // not a terminal: a line each so many seconds; 0: none
  };
  explicit Progress(Options options, ProgressOutput output = ProgressOutput::Stderr());
  ~Progress();  // as Finish
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of the total so far; `note` is appended ("loss 3.21").
  void Update(int64_t done, std::string_view note = {});
  // Takes the line away, so that something else can be written; the next Update brings it back.
  void Clear();
  // Takes the line away for good. Without a terminal, but with lines, prints the last one.
  void Finish();

 private:
  std::string Line(double now) const;
  void Draw(double now);
  Options options_;
  ProgressOutput output_;
  double start_;
  double next_;  // when to draw again
  int64_t done_ = 0;
  std::string note_;
  bool drawn_ = false;
  bool finished_ = false;
};

}  // namespace weft
