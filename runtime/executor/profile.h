// Where the time went: spans of kernels, passes and whatever else is labelled, and counters, as one Chrome
// trace JSON (chrome://tracing, ui.perfetto.dev) and as totals. Costs nothing where no profile is set.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

struct Program;

class Profile {
 public:
  // What a span is about. Empty fields are left out of the trace.
  struct Label {
    std::string name;      // of the node: "blocks.3.attn.q_proj"
    std::string category;  // "kernel", "pass", "request"
    std::string op = {};   // "Product"
    std::string kernel = {};
    double flops = 0;  // of one span
    double bytes = 0;
    std::string program = {};  // whose call it is, and which: by these a trace is read again
    int32_t call = -1;
  };
  struct Total {
    std::string name;
    int64_t count = 0;
    double seconds = 0;
    double flops = 0;
    double bytes = 0;
  };
  // At most this many spans and counter values are kept for the trace; totals count all.
  static constexpr size_t kMaxEvents = 4'000'000;

  Profile() : start_(std::chrono::steady_clock::now()) {}
  int64_t Now() const {  // nanoseconds since the profile was made
    return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_).count();
  }

  int32_t AddLabel(Label label);
  void AddSpan(int32_t label, int64_t begin, int64_t end);
  int32_t AddCounterName(std::string name);
  void AddCounter(int32_t counter, int64_t at, int64_t value);

  // A label for each call of the program, in order; returns the first. `what` is put before the names.
  int32_t AddProgram(const Program& program);
  // The passes that compiled it, as spans that end now.
  void AddPasses(const Program& program);

  // Kernel time by operator and kernel ("Product onednn"), the largest first; and by the name of the label.
  std::vector<Total> ByOp() const;
  std::vector<Total> ByName() const;
  size_t dropped_events() const { return dropped_; }

  Status WriteChromeTrace(const std::string& path) const;

 private:
  struct Event {
    int32_t label;  // of a span; -1 - counter for a counter
    int64_t begin;
    int64_t value;  // of a span: its length
  };
  struct Sum {
    int64_t count = 0, nanoseconds = 0;
  };
  template <class Key>
  std::vector<Total> Totals(Key key) const;
  void Keep(Event event);

  std::chrono::steady_clock::time_point start_;
  std::vector<Label> labels_;
  std::vector<Sum> sums_;  // by label
  std::vector<std::string> counters_;
  std::vector<Event> events_;
  size_t dropped_ = 0;
};

// "Product onednn   412 calls   812.4 ms   61.2 %   201 GFLOP/s   3.1 GB/s", a line for each total.
std::string FormatTotals(const std::vector<Profile::Total>& totals);

}  // namespace weft
