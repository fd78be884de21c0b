// The weft command as a process of its own.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::test {

struct Ended {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string out, err;
};

class Command {
 public:
  struct Options {
    int64_t largest_file = -1;  // bytes; writing more fails, as on a full disk; -1: no limit
  };
  // Starts `weft ARGS...`; what it prints goes to files in `directory`.
  Command(const std::string& directory, const std::vector<std::string>& args)
      : Command(directory, args, {}) {}
  Command(const std::string& directory, const std::vector<std::string>& args, const Options& options);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  bool Running();
  void Signal(int signal) const;
  Ended Wait();

 private:
  void Reaped(int status);
  std::string directory_;
  pid_t pid_ = -1;
  bool ended_ = false;
  Ended result_;
};

// Runs it to its end.
Ended RunWeft(const std::string& directory, const std::vector<std::string>& args);

void SleepMicroseconds(int64_t microseconds);

}  // namespace weft::test
