#include "runtime/train/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"

namespace weft {

StatusOr<RunLock> RunLock::Take(const std::string& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FailedPrecondition("cannot open '{}': {}", directory, std::strerror(errno));
  RunLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  // Some network file systems have no locks: that is no reason to refuse.
  if (errno != EWOULDBLOCK) return lock;
  return FailedPrecondition("{}: another process is training there: wait for it or stop it first", directory);
}

RunLock::~RunLock() {
  if (fd_ >= 0) close(fd_);
}

Status RemoveLeftovers(const std::string& directory) {
  for (const std::string& place : {directory, JoinPath(directory, "checkpoints")}) {
    if (!IsDirectory(place)) continue;
    WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(place));
    for (const std::string& name : names) {
      if (!IsTemporaryName(name) && !name.starts_with(".removed-")) continue;
      WEFT_RETURN_IF_ERROR(RemoveAll(JoinPath(place, name)));
    }
  }
  return OkStatus();
}

}  // namespace weft
