#include "runtime/executor/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <limits>

namespace weft {

StatusOr<std::shared_ptr<Memory>> Memory::Allocate(int64_t bytes) {
  constexpr int64_t kPage = 4096;
  constexpr int64_t kHugePage = 2 << 20;
  const int64_t alignment = bytes >= 4 * kHugePage ? kHugePage : kPage;
  if (bytes > std::numeric_limits<int64_t>::max() - 2 * alignment) {
    return ResourceExhausted("no memory for {} bytes", bytes);
  }
  const int64_t size = (std::max<int64_t>(bytes, 1) + kPage - 1) / kPage * kPage;
  const auto mapped = static_cast<size_t>(size + (alignment == kPage ? 0 : alignment));
  void* mapping = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return ResourceExhausted("no memory for {} bytes", bytes);
  void* aligned = mapping;
  size_t space = mapped;
  std::align(static_cast<size_t>(alignment), static_cast<size_t>(size), aligned, space);
  if (alignment == kHugePage) madvise(aligned, static_cast<size_t>(size), MADV_HUGEPAGE);  // a hint
  return std::shared_ptr<Memory>(new Memory(mapping, mapped, static_cast<std::byte*>(aligned), size));
}

Memory::~Memory() { munmap(mapping_, mapped_); }

}  // namespace weft
