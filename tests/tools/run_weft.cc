#include "tests/tools/run_weft.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/base/temporary_directory.h"

namespace weft::test {
namespace {

constexpr auto kLimit = std::chrono::minutes(2);

// What the child's three standard descriptors are.
class Actions {
 public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  void Open(int descriptor, const std::string& path, int flags) {
    EXPECT_EQ(posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(), flags, 0644), 0);
  }
  void Close(int descriptor) { EXPECT_EQ(posix_spawn_file_actions_addclose(&actions_, descriptor), 0); }
  void Take(int from, int descriptor) {
    EXPECT_EQ(posix_spawn_file_actions_adddup2(&actions_, from, descriptor), 0);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

int Wait(pid_t child) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Outcome RunWeft(std::vector<std::string> arguments, const Streams& streams) {
  const TemporaryDirectory directory;
  const std::string out = streams.out.empty() ? directory / "out" : streams.out, err = directory / "err";
  Actions actions;
  actions.Open(STDIN_FILENO, streams.in, O_RDONLY);
  actions.Open(STDERR_FILENO, err, O_WRONLY | O_CREAT);
  int pipe_ends[2] = {-1, -1};
  if (streams.broken_pipe) {
    EXPECT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
    close(pipe_ends[0]);
    actions.Take(pipe_ends[1], STDOUT_FILENO);
  } else if (streams.close_out) {
    actions.Close(STDOUT_FILENO);
  } else {
    actions.Open(STDOUT_FILENO, out, O_WRONLY | O_CREAT);
  }
  std::string program = WEFT_BINARY;
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Outcome outcome;
  pid_t child = 0;
  if (posix_spawn(&child, WEFT_BINARY, actions.get(), nullptr, argv.data(), environ) != 0) {
    ADD_FAILURE() << "cannot run " << WEFT_BINARY;
    return outcome;
  }
  if (pipe_ends[1] >= 0) close(pipe_ends[1]);
  outcome.code = Wait(child);
  outcome.err = ReadFile(err).value_or("");
  if (streams.out.empty()) outcome.out = ReadFile(out).value_or("");
  return outcome;
}

}  // namespace weft::test
