// A Chrome trace that a Profile wrote, read again: how long each call of each program took. Only sums are
// kept, so that the memory it takes grows with the programs, not with the trace.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "compiler/program.h"

namespace weft {

class Trace {
 public:
  struct CallTime {
    int64_t count = 0;  // spans
    double mean_seconds = 0;
  };
  struct OperatorTime {
    std::string name;  // "Product onednn"
    int64_t count = 0;
    double seconds = 0, flops = 0, bytes = 0;  // of all spans
  };

  // Errors: not JSON, with line and column; no trace; spans without program and call (by an older weft).
  static StatusOr<Trace> Read(const std::string& path);

  // Of each call of the program, by its name; empty if the trace has no span of it. An error if a call is of
  // another operator there: the profile is of another model, batch or build.
  StatusOr<std::vector<CallTime>> TimesOf(const Program& program) const;
  // All programs' kernel time by operator and kernel, the largest first.
  std::vector<OperatorTime> ByOperator() const;
  std::vector<std::string> programs() const;

 private:
  friend class TraceReader;
  struct Sum {
    std::string op, kernel;
    int64_t count = 0;
    double microseconds = 0, flops = 0, bytes = 0;
  };
  std::string path_;
  std::map<std::string, std::map<int64_t, Sum>> sums_;  // by program and call
};

}  // namespace weft
