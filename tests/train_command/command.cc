#include "tests/train_command/command.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "base/file.h"

namespace weft::test {

Command::Command(const std::string& directory, const std::vector<std::string>& args, const Options& options)
    : directory_(directory) {
  std::vector<std::string> words = {WEFT_COMMAND};
  words.insert(words.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string out = JoinPath(directory, "stdout.txt"), err = JoinPath(directory, "stderr.txt");
  pid_ = fork();
  if (pid_ != 0) return;
  if (options.largest_file >= 0) {
    const rlimit limit{static_cast<rlim_t>(options.largest_file), static_cast<rlim_t>(options.largest_file)};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  dup2(open(out.c_str(), flags, 0644), STDOUT_FILENO);
  dup2(open(err.c_str(), flags, 0644), STDERR_FILENO);
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv(WEFT_COMMAND, argv.data());
  _exit(127);
}

Command::~Command() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Command::Reaped(int status) {
  ended_ = true;
  result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result_.out = ReadFile(JoinPath(directory_, "stdout.txt")).value_or("");
  result_.err = ReadFile(JoinPath(directory_, "stderr.txt")).value_or("");
}

bool Command::Running() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, WNOHANG) == pid_) Reaped(status);
  return !ended_;
}

void Command::Signal(int signal) const {
  if (!ended_) kill(pid_, signal);
}

Ended Command::Wait() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, 0) == pid_) Reaped(status);
  return result_;
}

Ended RunWeft(const std::string& directory, const std::vector<std::string>& args) {
  return Command(directory, args).Wait();
}

void SleepMicroseconds(int64_t microseconds) {
  timespec time{microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
  nanosleep(&time, nullptr);
}

}  // namespace weft::test
