// One process at a time trains in a run directory.
#pragma once
#include <string>

#include "base/status.h"

namespace weft {

// Held while it lives; the system lets go of it when the process ends, however it ends.
class RunLock {
 public:
  // FailedPrecondition if another process holds it. The directory must exist; nothing is written.
  static StatusOr<RunLock> Take(const std::string& directory);
  RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int fd) : fd_(fd) {}
  int fd_;
};

// Removes what a killed process left half-written in a run directory: the lock is held.
Status RemoveLeftovers(const std::string& directory);

}  // namespace weft
