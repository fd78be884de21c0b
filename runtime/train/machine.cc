// What the step line needs to know of the machine.
#include <unistd.h>

#include <cstdio>

#include "runtime/train/trainer_impl.h"

namespace weft {

int64_t ResidentBytes() {
  long pages = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%*d %ld", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return static_cast<int64_t>(pages) * sysconf(_SC_PAGESIZE);
}

}  // namespace weft
