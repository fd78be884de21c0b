#include "tools/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace weft {

void PrepareStandardStreams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free descriptor, this one; opened so that using it fails.
    const int got = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (got != descriptor && got >= 0) close(got);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

namespace {
Status CannotWrite() {
  const std::string why = errno == 0 ? "" : fmt::format(": {}", std::strerror(errno));
  return ResourceExhausted("cannot write to standard output{}", why);
}
}  // namespace

Status WriteOut(std::string_view text) {
  errno = 0;
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? OkStatus() : CannotWrite();
}

void Say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

Status FlushStandardOutput() {
  errno = 0;
  const bool failed_before = std::ferror(stdout) != 0;
  return std::fflush(stdout) == 0 && !failed_before ? OkStatus() : CannotWrite();
}

}  // namespace weft
