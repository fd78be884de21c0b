// Writing so that a reader, or the next start after a crash, finds the old file or the whole new one:
// write "NAME.tmp-PID-N" beside it, fsync, rename over NAME, fsync the directory.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/file_internal.h"

namespace weft {

using internal::Descriptor;
using internal::SystemError;

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr std::string_view kTemporaryMark = ".tmp-";
constexpr int kMaxAttempts = 10000;  // names left behind by killed processes of the same number

// Calls make(name) with temporary names beside `path` until one did not exist; returns that name.
template <class Make>
StatusOr<std::string> MakeTemporary(const std::string& path, Make make) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    std::string name = fmt::format("{}{}{}-{}", path, kTemporaryMark, getpid(), attempt);
    if (make(name)) return name;
    if (errno != EEXIST) return SystemError("write", path, errno);
  }
  return FailedPrecondition("cannot write '{}': too many '{}{}*' beside it; remove them", path, path,
                            kTemporaryMark);
}

std::string Parent(const std::string& path) {
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const size_t slash = trimmed.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : trimmed.substr(0, slash);
}

// Some file systems cannot sync a directory: that is no reason to fail.
bool CannotSync(int error) { return error == EINVAL || error == ENOTSUP || error == EROFS; }

Status FsyncPath(const std::string& path, int flags) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (fd < 0) return SystemError("open", path, errno);
  const Descriptor file(fd);
  if (fsync(fd) != 0 && !CannotSync(errno)) return SystemError("sync", path, errno);
  return OkStatus();
}

Status FsyncTree(const std::string& directory) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(directory));
  for (const std::string& name : names) {
    const std::string path = JoinPath(directory, name);
    struct stat info;
    if (lstat(path.c_str(), &info) != 0) return SystemError("read", path, errno);
    if (S_ISDIR(info.st_mode)) WEFT_RETURN_IF_ERROR(FsyncTree(path));
    if (S_ISREG(info.st_mode)) WEFT_RETURN_IF_ERROR(FsyncPath(path, 0));
  }
  return FsyncDirectory(directory);
}

Status WriteAll(int fd, const char* data, size_t size, const std::string& path) {
  while (size > 0) {
    const ssize_t wrote = write(fd, data, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return SystemError("write", path, errno);
    data += wrote;
    size -= static_cast<size_t>(wrote);
  }
  return OkStatus();
}

// The file a symbolic link stands for, if it exists.
std::string FollowLink(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode)) return path;
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string target = resolved;
  std::free(resolved);
  return target;
}

}  // namespace

StatusOr<FileWriter> FileWriter::Create(const std::string& path) {
  FileWriter writer;
  struct stat info;
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    return InvalidArgument("cannot write '{}': it is a directory, expected a file name", path);
  }
  if (exists && !S_ISREG(info.st_mode)) {
    writer.path_ = path;
    writer.fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (writer.fd_ < 0) return SystemError("write", path, errno);
    return writer;
  }
  writer.path_ = FollowLink(path);
  WEFT_ASSIGN_OR_RETURN(writer.temporary_, MakeTemporary(writer.path_, [&](const std::string& name) {
                          writer.fd_ = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
                          return writer.fd_ >= 0;
                        }));
  // The file replaced keeps its permissions (best effort).
  if (exists && fchmod(writer.fd_, info.st_mode & 0777) != 0) errno = 0;
  return writer;
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      fd_(std::exchange(other.fd_, -1)),
      position_(other.position_),
      buffer_(std::move(other.buffer_)),
      failed_(std::move(other.failed_)) {}

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept {
  if (this == &other) return *this;
  Abandon();
  path_ = std::move(other.path_);
  temporary_ = std::move(other.temporary_);
  fd_ = std::exchange(other.fd_, -1);
  position_ = other.position_;
  buffer_ = std::move(other.buffer_);
  failed_ = std::move(other.failed_);
  return *this;
}

FileWriter::~FileWriter() { Abandon(); }

void FileWriter::Abandon() {
  if (fd_ < 0) return;
  close(fd_);
  fd_ = -1;
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Status FileWriter::Fail(Status status) {
  if (failed_.ok()) failed_ = std::move(status);
  return failed_;
}

Status FileWriter::Flush() {
  const Status status = WriteAll(fd_, buffer_.data(), buffer_.size(), path_);
  buffer_.clear();
  return status.ok() ? status : Fail(status);
}

Status FileWriter::Write(const void* data, size_t size) {
  WEFT_CHECK(fd_ >= 0, "'{}' written after Commit", path_);
  WEFT_RETURN_IF_ERROR(failed_);
  position_ += static_cast<int64_t>(size);
  if (buffer_.size() + size > kBufferBytes) WEFT_RETURN_IF_ERROR(Flush());
  if (size < kBufferBytes) {
    buffer_.append(static_cast<const char*>(data), size);
    return OkStatus();
  }
  const Status status = WriteAll(fd_, static_cast<const char*>(data), size, path_);
  return status.ok() ? status : Fail(status);
}

Status FileWriter::WriteAt(int64_t offset, const void* data, size_t size) {
  WEFT_CHECK(fd_ >= 0, "'{}' written after Commit", path_);
  WEFT_CHECK(offset >= 0 && offset + static_cast<int64_t>(size) <= position_, "not written yet: '{}'", path_);
  WEFT_RETURN_IF_ERROR(failed_);
  WEFT_RETURN_IF_ERROR(Flush());
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t wrote = pwrite(fd_, bytes, size, offset);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Fail(SystemError("write", path_, errno));
    bytes += wrote;
    offset += wrote;
    size -= static_cast<size_t>(wrote);
  }
  return OkStatus();
}

Status FileWriter::Commit() {
  WEFT_CHECK(fd_ >= 0, "'{}' committed twice", path_);
  Status status = failed_.ok() ? Flush() : failed_;
  const bool in_place = temporary_.empty();
  if (status.ok() && !in_place && fsync(fd_) != 0) status = SystemError("write", path_, errno);
  if (!status.ok()) {
    Abandon();
    return status;
  }
  const bool closed = close(fd_) == 0;  // some file systems report a full disk only here
  const int error = errno;
  fd_ = -1;
  if (closed && in_place) return OkStatus();
  if (closed && rename(temporary_.c_str(), path_.c_str()) == 0) return FsyncDirectory(Parent(path_));
  status = SystemError("write", path_, closed ? errno : error);
  if (!in_place) unlink(temporary_.c_str());
  return status;
}

Status WriteFileAtomically(const std::string& path, std::string_view contents) {
  WEFT_ASSIGN_OR_RETURN(FileWriter writer, FileWriter::Create(path));
  WEFT_RETURN_IF_ERROR(writer.Write(contents));
  return writer.Commit();
}

Status WriteDirectoryAtomically(const std::string& path,
                                const std::function<Status(const std::string&)>& fill) {
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  struct stat info;
  if (lstat(name.c_str(), &info) == 0)
    return FailedPrecondition("cannot write '{}': it exists already", path);
  WEFT_ASSIGN_OR_RETURN(const std::string temporary, MakeTemporary(name, [](const std::string& candidate) {
                          return mkdir(candidate.c_str(), 0777) == 0;
                        }));
  Status status = fill(temporary);
  if (status.ok()) status = FsyncTree(temporary);
  // RENAME_NOREPLACE: rename would replace an empty directory that appeared meanwhile.
  if (status.ok() && renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) != 0) {
    const bool unsupported = errno == EINVAL || errno == ENOSYS;
    if (!unsupported || rename(temporary.c_str(), name.c_str()) != 0)
      status = SystemError("write", path, errno);
  }
  if (status.ok()) return FsyncDirectory(Parent(name));
  const Status cleanup = RemoveAll(temporary);  // the first error is the one to tell
  static_cast<void>(cleanup);
  return status;
}

bool IsTemporaryName(std::string_view name) {
  const size_t mark = name.rfind(kTemporaryMark);
  if (mark == std::string_view::npos) return false;
  const std::string_view rest = name.substr(mark + kTemporaryMark.size());
  const size_t dash = rest.find('-');
  return dash != std::string_view::npos && dash > 0 && dash + 1 < rest.size() &&
         rest.find_first_not_of("0123456789-") == std::string_view::npos &&
         rest.find('-', dash + 1) == std::string_view::npos;
}

Status ReplaceLink(const std::string& link, const std::string& target) {
  WEFT_ASSIGN_OR_RETURN(const std::string temporary, MakeTemporary(link, [&](const std::string& name) {
                          return symlink(target.c_str(), name.c_str()) == 0;
                        }));
  if (rename(temporary.c_str(), link.c_str()) != 0) {
    Status status = SystemError("replace link", link, errno);
    unlink(temporary.c_str());
    return status;
  }
  return FsyncDirectory(Parent(link));
}

Status FsyncDirectory(const std::string& path) { return FsyncPath(path, O_DIRECTORY); }

}  // namespace weft
