// The one place that reads environment variables: each has its line here, and `weft doctor` prints them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft {

struct EnvironmentVariable {
  std::string_view name;
  std::string_view meaning;  // one line
  bool ours;                 // read by weft, not by a library it uses
};
std::span<const EnvironmentVariable> EnvironmentVariables();

// The value, or nothing if unset or empty. CHECKs that the name is in the table.
std::optional<std::string> GetEnvironment(std::string_view name);

bool IsTerminal(int file_descriptor);
// Colours on this descriptor: a terminal that is not dumb, and NO_COLOR is not set.
bool UseColor(int file_descriptor);

}  // namespace weft
