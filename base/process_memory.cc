#include "base/process_memory.h"

#include <cstdio>
#include <cstring>

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

}  // namespace weft
