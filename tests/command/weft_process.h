// The built `weft`, run as a shell does: what it said, how it ended, signals on the way.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/base/temporary_directory.h"

namespace weft::test {

struct ProcessOptions {
  std::string in = "/dev/null";  // file
  std::string out = {};          // file; empty: kept in Outcome::out
  bool close_out = false;        // weft starts without a standard output
  bool broken_pipe = false;      // its reader has gone
  int64_t largest_file = -1;     // bytes; writing more fails, as on a full disk; -1: no limit
};

struct Outcome {
  int code = -1;  // the exit code; 128 + the signal if one ended it
  std::string out, err;
};

class WeftProcess {
 public:
  // Starts `weft ARGUMENTS...`.
  explicit WeftProcess(std::vector<std::string> arguments, const ProcessOptions& options = {});
  ~WeftProcess();  // kills it if it still runs
  WeftProcess(const WeftProcess&) = delete;
  WeftProcess& operator=(const WeftProcess&) = delete;

  bool Running();
  void Signal(int signal) const;
  // One that has not ended after so long is killed: code 137.
  Outcome Wait(std::chrono::seconds limit = std::chrono::minutes(10));

 private:
  void Redirect(const ProcessOptions& options) const;
  void Reaped(int status);

  TemporaryDirectory directory_;
  std::string out_, err_;  // files of what it says
  bool keep_out_ = false;
  pid_t pid_ = -1;
  bool ended_ = false;
  Outcome outcome_;
};

// Runs it to its end.
Outcome RunWeft(std::vector<std::string> arguments, const ProcessOptions& options = {});

void SleepMicroseconds(int64_t microseconds);

}  // namespace weft::test
