#include "tests/train/crash_points.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

namespace {

using weft::test::Crash;

struct Unsynced {
  dev_t device;
  ino_t inode;
  int fd = -1;  // a duplicate; -1: nothing here
};

int calls_left = -1;  // -1: not armed
bool dies_before = false;
Crash kind = Crash::kKill;
std::array<Unsynced, 64> unsynced;

Unsynced* Find(int fd) {
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return nullptr;
  Unsynced* empty = nullptr;
  for (Unsynced& u : unsynced) {
    if (u.fd >= 0 && u.device == info.st_dev && u.inode == info.st_ino) return &u;
    if (u.fd < 0) empty = &u;
  }
  if (empty != nullptr) *empty = {info.st_dev, info.st_ino, -1};
  return empty;
}

void NoteWrite(int fd) {
  if (calls_left < 0) return;
  if (Unsynced* u = Find(fd); u != nullptr && u->fd < 0) u->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

void NoteSync(int fd) {
  if (calls_left < 0) return;
  Unsynced* u = Find(fd);
  if (u != nullptr && u->fd >= 0) close(std::exchange(u->fd, -1));
}

[[noreturn]] void Die() {
  for (const Unsynced& u : unsynced) {
    struct stat info;
    if (kind != Crash::kPowerLoss || u.fd < 0 || fstat(u.fd, &info) != 0) continue;
    if (ftruncate(u.fd, info.st_size / 2) != 0) _exit(99);
  }
  kill(getpid(), SIGKILL);
  _exit(98);
}

// True at the call at which to die.
bool Now() { return calls_left > 0 && --calls_left == 0; }

template <class Call>
auto AtPoint(Call call) {
  const bool now = Now();
  if (now && dies_before) Die();
  const auto result = call();
  if (now) Die();
  return result;
}

}  // namespace

namespace weft::test {

void DieAtCall(int n, Crash crash) {
  calls_left = n;
  dies_before = n % 2 == 0;
  kind = crash;
}

}  // namespace weft::test

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  if (Now()) {
    syscall(SYS_write, fd, data, size / 2);
    NoteWrite(fd);
    calls_left = 0;
    Die();
  }
  const ssize_t wrote = syscall(SYS_write, fd, data, size);
  NoteWrite(fd);
  return wrote;
}

// Nothing is synced, only noted: it is the process that dies here, not the machine.
int fsync(int fd) {
  return AtPoint([&] {
    NoteSync(fd);
    return 0;
  });
}

int rename(const char* from, const char* to) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); });
}
int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned flags) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_renameat2, from_fd, from, to_fd, to, flags)); });
}
int symlink(const char* target, const char* link) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_symlinkat, target, AT_FDCWD, link)); });
}
int mkdir(const char* path, mode_t mode) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode)); });
}
int unlink(const char* path) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0)); });
}
int unlinkat(int fd, const char* path, int flags) noexcept {
  return AtPoint([&] { return static_cast<int>(syscall(SYS_unlinkat, fd, path, flags)); });
}
}
