#include "runtime/train/machine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>

#include "base/version.h"
#include "ops/instruction_sets.h"

namespace weft {

MachineFacts FactsOfThisMachine(int threads) {
  const std::vector<std::string> sets = InstructionSets();
  return {{"weft", std::string(kVersion)},
          {"oneDNN", OneDnnVersion()},
          {"oneDNN's instruction set", OneDnnInstructionSet()},
          {"instruction set", sets.empty() ? "none" : sets.front()},
          {"threads", fmt::format("{}", threads)}};
}

std::vector<std::string> MachineDifferences(const MachineFacts& before, const MachineFacts& now) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : before) {
    const auto it = now.find(name);
    if (it == now.end() || it->second == value) continue;
    differences.push_back(fmt::format("{}: {} before, {} now", name, value, it->second));
  }
  return differences;
}

int64_t OwnResidentBytes() {
  long resident = 0, shared = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%*d %ld %ld", &resident, &shared) != 2) resident = shared = 0;
    std::fclose(f);
  }
  return static_cast<int64_t>(resident - shared) * sysconf(_SC_PAGESIZE);
}

void ReturnFreedMemory() {
#ifdef __GLIBC__
  // A fixed threshold: by default it grows with the blocks that are freed, which then stay in the heap.
  constexpr int kLargeBlock = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_TRIM_THRESHOLD, kLargeBlock);
  malloc_trim(0);
#endif
}

}  // namespace weft
