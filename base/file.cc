#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <new>
#include <system_error>

#include "base/file_internal.h"

namespace weft {

using internal::Descriptor;
using internal::SystemError;

namespace internal {

Status SystemError(std::string_view action, std::string_view path, int error) {
  const std::string reason = std::generic_category().message(error);
  switch (error) {
    case ENOENT:
      return NotFound("cannot {} '{}': {}", action, path, reason);
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return ResourceExhausted("cannot {} '{}': {}", action, path, reason);
    default:
      return FailedPrecondition("cannot {} '{}': {}", action, path, reason);
  }
}

Descriptor::~Descriptor() {
  if (fd >= 0) close(fd);
}

}  // namespace internal

namespace {

// Opens for reading and refuses directories.
StatusOr<int> OpenToRead(const std::string& path, struct stat* info) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError("open", path, errno);
  Status status;
  if (fstat(fd, info) != 0) status = SystemError("read", path, errno);
  if (status.ok() && S_ISDIR(info->st_mode)) {
    status = InvalidArgument("'{}' is a directory, expected a file", path);
  }
  if (status.ok()) return fd;
  close(fd);
  return status;
}

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path, int64_t limit) try {
  struct stat info;
  WEFT_ASSIGN_OR_RETURN(const Descriptor file, OpenToRead(path, &info));
  const bool regular = S_ISREG(info.st_mode);
  if (regular && info.st_size > limit) {
    return InvalidArgument("'{}' has {} bytes, expected at most {}", path, info.st_size, limit);
  }
  // /proc and pipes say 0: read them in pieces. One byte more than told finds the end at once.
  std::string contents;
  size_t filled = 0;
  for (;;) {
    const size_t ask = filled == 0 && regular ? static_cast<size_t>(info.st_size) + 1 : filled + 65536;
    if (filled == contents.size()) contents.resize(std::max(ask, filled + 1));
    const ssize_t got = read(file.fd, contents.data() + filled, contents.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", path, errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
    if (filled > static_cast<size_t>(std::max<int64_t>(limit, 0))) {
      return InvalidArgument("'{}' has more than {} bytes, expected at most that", path, limit);
    }
  }
  contents.resize(filled);
  return contents;
} catch (const std::bad_alloc&) {
  return ResourceExhausted("cannot read '{}': no memory for it", path);
}

StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::string& path) {
  struct stat info;
  WEFT_ASSIGN_OR_RETURN(const Descriptor file, OpenToRead(path, &info));
  if (!S_ISREG(info.st_mode)) return InvalidArgument("'{}' is not a regular file and cannot be mapped", path);
  std::shared_ptr<MappedFile> mapped(new MappedFile);
  mapped->path_ = path;
  mapped->size_ = static_cast<size_t>(info.st_size);
  if (mapped->size_ == 0) return mapped;
  void* data = mmap(nullptr, mapped->size_, PROT_READ, MAP_SHARED, file.fd, 0);
  if (data == MAP_FAILED) {
    mapped->size_ = 0;
    return SystemError("map", path, errno);
  }
  mapped->data_ = static_cast<const std::byte*>(data);
  return mapped;
}

MappedFile::~MappedFile() {
  if (size_ > 0) munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::DropPages(size_t offset, size_t size) const {
  if (offset >= size_) return;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t end = std::min(size, size_ - offset) + offset;
  const size_t first = (offset + page - 1) / page * page;  // only pages that lie inside
  const size_t last = end == size_ ? end : end / page * page;
  if (first >= last) return;
  madvise(const_cast<std::byte*>(data_) + first, last - first, MADV_DONTNEED);  // a hint: may fail
}

Status CreateDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (IsDirectory(path)) return OkStatus();
  if (!error) error = std::make_error_code(std::errc::not_a_directory);
  return SystemError("create directory", path, error.value());
}

Status RemoveAll(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? SystemError("remove", path, error.value()) : OkStatus();
}

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

bool IsDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

StatusOr<int64_t> FileSize(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return SystemError("read the size of", path, errno);
  if (!S_ISREG(info.st_mode)) return InvalidArgument("'{}' is not a regular file", path);
  return static_cast<int64_t>(info.st_size);
}

StatusOr<std::vector<std::string>> ListDirectory(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return SystemError("list", path, errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int error = errno;
  closedir(directory);
  if (error != 0) return SystemError("list", path, error);
  std::sort(names.begin(), names.end());
  return names;
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty() || name.starts_with('/')) return std::string(name);
  return fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
}

}  // namespace weft
