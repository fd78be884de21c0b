// A block of zeroed memory from the system, touched only where it is used: arenas and states. Large ones ask
// for huge pages.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/status.h"

namespace weft {

class Memory {
 public:
  // At least one page. ResourceExhausted if the system refuses.
  static StatusOr<std::shared_ptr<Memory>> Allocate(int64_t bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  std::byte* data() const { return data_; }
  int64_t size() const { return size_; }

 private:
  Memory(void* mapping, size_t mapped, std::byte* data, int64_t size)
      : mapping_(mapping), mapped_(mapped), data_(data), size_(size) {}
  void* mapping_;
  size_t mapped_;
  std::byte* data_;
  int64_t size_;
};

}  // namespace weft
