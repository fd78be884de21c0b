#include "tests/executor/count_allocations.h"

#include "tests/base/sanitized.h"

#if WEFT_ADDRESS_SANITIZER || WEFT_THREAD_SANITIZER

namespace weft::test {
bool CanCountAllocations() { return false; }
void StartCountingAllocations() {}
Allocations StopCountingAllocations() { return {}; }
}  // namespace weft::test

#else

#include <dlfcn.h>
#include <execinfo.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

// glibc's own, under the names it exports for interposers.
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
}

namespace {

constexpr int kMaxFrames = 32;
std::atomic<bool> counting{false};
std::atomic<int64_t> ours{0}, library{0}, library_bytes{0}, openmp{0};
std::atomic<void*> first_of_ours{nullptr};
thread_local bool inside = false;  // backtrace and dladdr may allocate themselves

bool Has(const char* text, const char* part) { return std::strstr(text, part) != nullptr; }

void Attribute(size_t size) {
  void* frames[kMaxFrames];
  const int n = backtrace(frames, kMaxFrames);
  for (int i = 2; i < n; ++i) {  // this function and the interposer
    Dl_info info;
    if (dladdr(frames[i], &info) == 0 || info.dli_fname == nullptr) break;  // generated code: a library's
    const char* file = std::strrchr(info.dli_fname, '/');
    file = file == nullptr ? info.dli_fname : file + 1;
    if (Has(file, "libc.so") || Has(file, "libstdc++") || Has(file, "ld-linux")) continue;
    if (Has(file, "libgomp") || Has(file, "libomp")) {
      ++openmp;
    } else if (Has(file, "libdnnl")) {
      ++library;
      library_bytes += static_cast<int64_t>(size);
    } else {
      void* none = nullptr;
      first_of_ours.compare_exchange_strong(none, frames[i]);
      ++ours;
    }
    return;
  }
  ++library;
  library_bytes += static_cast<int64_t>(size);
}

void Count(size_t size) {
  if (!counting.load(std::memory_order_relaxed) || inside) return;
  inside = true;
  Attribute(size);
  inside = false;
}

}  // namespace

extern "C" {
void* malloc(size_t size) {
  Count(size);
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  Count(count * size);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) {
  Count(size);
  return __libc_realloc(memory, size);
}
void* memalign(size_t alignment, size_t size) {
  Count(size);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  Count(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) {
  Count(size);
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}

namespace weft::test {

bool CanCountAllocations() { return true; }

void StartCountingAllocations() {
  void* frames[4];
  backtrace(frames, 4);  // loads what it needs
  ours = library = library_bytes = openmp = 0;
  first_of_ours = nullptr;
  counting = true;
}

Allocations StopCountingAllocations() {
  counting = false;
  Allocations result = {ours, library, library_bytes, openmp, ""};
  if (void* frame = first_of_ours; frame != nullptr) {
    char** symbols = backtrace_symbols(&frame, 1);
    result.first_of_ours = symbols[0];
    std::free(symbols);
  }
  return result;
}

}  // namespace weft::test

#endif
