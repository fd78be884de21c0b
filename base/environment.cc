#include "base/environment.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/status.h"

namespace weft {
namespace {

constexpr EnvironmentVariable kVariables[] = {
    {"WEFT_CPU_TARGETS",
     "instruction sets that weft's own kernels may use, of those the processor has: Highway's names "
     "separated by "
     "commas, such as AVX2,SSE4 (default: all)",
     true},
    {"NO_COLOR", "if not empty, no colours (no-color.org)", true},
    {"TERM", "the terminal's type: 'dumb' means no colours and no redrawn lines", true},
    {"ONEDNN_MAX_CPU_ISA", "oneDNN: the most capable instruction set it may use, such as AVX2 (default: all)",
     false},
    {"ONEDNN_VERBOSE", "oneDNN: 1 prints each primitive it runs with its time", false},
    {"OMP_WAIT_POLICY",
     "OpenMP: 'passive' lets idle threads sleep, for machines shared with other busy processes", false},
    {"OMP_PROC_BIND", "OpenMP: 'true' keeps each thread on its processor", false},
};

}  // namespace

std::span<const EnvironmentVariable> EnvironmentVariables() { return kVariables; }

std::optional<std::string> GetEnvironment(std::string_view name) {
  const bool known = std::any_of(std::begin(kVariables), std::end(kVariables),
                                 [&](const EnvironmentVariable& v) { return v.name == name; });
  WEFT_CHECK(known, "the environment variable {} has no line in base/environment.cc", name);
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

bool IsTerminal(int file_descriptor) {
  return isatty(file_descriptor) == 1 && GetEnvironment("TERM") != "dumb";
}

bool UseColor(int file_descriptor) { return IsTerminal(file_descriptor) && !GetEnvironment("NO_COLOR"); }

}  // namespace weft
