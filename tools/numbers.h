// "batch=8,seq=256" as commands take it: numbers by name, in one flag or several.
#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

// InvalidArgument names the flag and what is not name=number.
template <class Number>
StatusOr<std::map<std::string, Number>> ReadNumbers(const std::vector<std::string>& lists,
                                                    std::string_view flag) {
  std::map<std::string, Number> numbers;
  for (const std::string& list : lists) {
    for (const std::string& item : CLI::detail::split(list, ',')) {
      const size_t equals = item.find('=');
      Number value = 0;
      if (equals == 0 || equals == std::string::npos ||
          !CLI::detail::lexical_cast(item.substr(equals + 1), value)) {
        return InvalidArgument("{} takes name=number, got '{}'", flag, item);
      }
      numbers[item.substr(0, equals)] = value;
    }
  }
  return numbers;
}

}  // namespace weft
