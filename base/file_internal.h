// What file.cc (reading) and file_writer.cc (atomic writing) share.
#pragma once
#include <string_view>
#include <utility>

#include "base/status.h"

namespace weft::internal {

// "cannot ACTION 'PATH': REASON" with a code that fits errno.
Status SystemError(std::string_view action, std::string_view path, int error);

// An open file descriptor, closed at the end of its scope.
struct Descriptor {
  int fd = -1;
  Descriptor(int descriptor) : fd(descriptor) {}  // NOLINT: converts from StatusOr<int>'s value
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();
};

}  // namespace weft::internal
