#include "tests/base/largest_allocation.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/base/sanitized.h"

namespace {

std::atomic<size_t> largest{0};

}  // namespace

#if !WEFT_THREAD_SANITIZER  // which has operators of its own

static void* Allocate(size_t size) {
  size_t before = largest.load(std::memory_order_relaxed);
  while (size > before && !largest.compare_exchange_weak(before, size, std::memory_order_relaxed)) {
  }
  return std::malloc(size == 0 ? 1 : size);
}

void* operator new(size_t size) {
  void* memory = Allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

#endif

namespace weft {

void ResetLargestAllocation() { largest = 0; }
size_t LargestAllocation() { return largest; }

}  // namespace weft
