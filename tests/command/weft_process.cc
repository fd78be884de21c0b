#include "tests/command/weft_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/file.h"

namespace weft::test {

WeftProcess::WeftProcess(std::vector<std::string> arguments, const ProcessOptions& options)
    : out_(options.out.empty() ? directory_ / "out" : options.out),
      err_(directory_ / "err"),
      keep_out_(options.out.empty()) {
  std::string program = WEFT_BINARY;
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = fork();
  EXPECT_GE(pid_, 0) << "cannot start " << program;
  if (pid_ != 0) return;
  Redirect(options);
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv(program.c_str(), argv.data());
  _exit(127);
}

// In the child: its three standard descriptors and its limits.
void WeftProcess::Redirect(const ProcessOptions& options) const {
  if (options.largest_file >= 0) {
    const rlimit limit{static_cast<rlim_t>(options.largest_file), static_cast<rlim_t>(options.largest_file)};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  dup2(open(options.in.c_str(), O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  dup2(open(err_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644), STDERR_FILENO);
  int ends[2];
  if (options.close_out) {
    close(STDOUT_FILENO);
  } else if (options.broken_pipe) {
    if (pipe2(ends, O_CLOEXEC) != 0) _exit(127);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
  } else {
    dup2(open(out_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644), STDOUT_FILENO);
  }
}

WeftProcess::~WeftProcess() {
  if (ended_ || pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void WeftProcess::Reaped(int status) {
  ended_ = true;
  outcome_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome_.err = ReadFile(err_).value_or("");
  if (keep_out_) outcome_.out = ReadFile(out_).value_or("");
}

bool WeftProcess::Running() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, WNOHANG) == pid_) Reaped(status);
  return !ended_;
}

void WeftProcess::Signal(int signal) const {
  if (!ended_) kill(pid_, signal);
}

Outcome WeftProcess::Wait(std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (Running()) {
    if (std::chrono::steady_clock::now() > deadline) Signal(SIGKILL);
    SleepMicroseconds(1000);
  }
  return outcome_;
}

Outcome RunWeft(std::vector<std::string> arguments, const ProcessOptions& options) {
  return WeftProcess(std::move(arguments), options).Wait();
}

void SleepMicroseconds(int64_t microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
}

}  // namespace weft::test
