// Files: read whole, map, write so that a reader sees the old file or the whole new one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

// The whole file as bytes. Errors name the path and the system's reason; a directory is refused.
// Files over `limit` bytes are refused (a pipe or /proc file is read up to it).
StatusOr<std::string> ReadFile(const std::string& path, int64_t limit = int64_t{1} << 40);

// A regular file mapped read-only. Empty files give an empty span. Another process that cuts the file short
// while it is mapped makes reading it fatal (SIGBUS); weft itself never does: it replaces files by rename.
class MappedFile {
 public:
  static StatusOr<std::shared_ptr<const MappedFile>> Open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  const std::string& path() const { return path_; }
  // Tells the kernel that [offset, offset+size) will not be read again soon (streams over huge files).
  void DropPages(size_t offset, size_t size) const;

 private:
  MappedFile() = default;
  std::string path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

// A file written beside its final name, fsynced and renamed by Commit(); removed if never committed.
// Errors (disk full, read-only) come from Write or Commit and leave what was there before intact; after the
// first one every call repeats it. A symbolic link is followed; a device or pipe (/dev/null, /dev/stdout) is
// written in place.
class FileWriter {
 public:
  static StatusOr<FileWriter> Create(const std::string& path);
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  ~FileWriter();
  Status Write(const void* data, size_t size);
  Status Write(std::string_view text) { return Write(text.data(), text.size()); }
  // Overwrites bytes already written (headers whose counts are known at the end).
  Status WriteAt(int64_t offset, const void* data, size_t size);
  int64_t position() const { return position_; }
  Status Commit();

 private:
  FileWriter() = default;
  void Abandon();
  Status Flush();
  Status Fail(Status status);     // remembers the first error
  std::string path_, temporary_;  // temporary_ is empty when written in place
  int fd_ = -1;                   // -1 once committed or abandoned
  int64_t position_ = 0;
  std::string buffer_;
  Status failed_;
};

Status WriteFileAtomically(const std::string& path, std::string_view contents);
// A directory filled beside its final name: `fill(temporary_path)` writes into it; then every file and the
// directory are fsynced and it is renamed to `path` (which must not exist). All or nothing.
Status WriteDirectoryAtomically(const std::string& path,
                                const std::function<Status(const std::string&)>& fill);
// True for the names that FileWriter, WriteDirectoryAtomically and ReplaceLink give to what is not finished
// ("NAME.tmp-PID-N"): a killed process leaves them behind, and whoever owns the directory may remove them.
bool IsTemporaryName(std::string_view name);
// Points the symbolic link `link` at `target` (a relative name) by renaming a new link over it.
Status ReplaceLink(const std::string& link, const std::string& target);
Status FsyncDirectory(const std::string& path);
Status CreateDirectories(const std::string& path);  // like mkdir -p
Status RemoveAll(const std::string& path);          // like rm -rf; absent is fine
bool Exists(const std::string& path);
bool IsDirectory(const std::string& path);
StatusOr<int64_t> FileSize(const std::string& path);
// Names in a directory, sorted bytewise.
StatusOr<std::vector<std::string>> ListDirectory(const std::string& path);
std::string JoinPath(std::string_view directory, std::string_view name);

}  // namespace weft
