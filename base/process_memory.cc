#include "base/process_memory.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/file.h"

namespace weft {
namespace {

// A line "VmHWM:    123456 kB" of /proc/self/status, in bytes.
int64_t StatusField(const char* name) {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  if (file == nullptr) return 0;
  long long kilobytes = 0;
  for (char line[256]; std::fgets(line, sizeof line, file) != nullptr;) {
    const size_t length = std::strlen(name);
    if (std::strncmp(line, name, length) == 0 && std::sscanf(line + length, ": %lld", &kilobytes) == 1) break;
  }
  std::fclose(file);
  return static_cast<int64_t>(kilobytes) * 1024;
}

}  // namespace

int64_t ResidentBytes() { return StatusField("VmRSS"); }
int64_t PeakResidentBytes() { return StatusField("VmHWM"); }

bool ResetPeakResident() {
  std::FILE* file = std::fopen("/proc/self/clear_refs", "w");
  if (file == nullptr) return false;
  const bool written = std::fputs("5", file) >= 0;
  return std::fclose(file) == 0 && written;
}

namespace {

int64_t ReadMachineMemory() {
  int64_t bytes = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    constexpr int64_t kAFewDigits = 4096;
    const StatusOr<std::string> text = ReadFile(path, kAFewDigits);
    int64_t limit = 0;
    if (!text.ok()) continue;
    std::from_chars(text->data(), text->data() + text->size(), limit);  // "max": none
    if (limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

}  // namespace

int64_t MachineMemory() {
  static const int64_t bytes = ReadMachineMemory();  // asked for with every large tensor
  return bytes;
}

}  // namespace weft
