#include "base/human.h"

#include <fmt/core.h>

#include <cmath>
#include <iterator>
#include <string_view>

namespace weft {
namespace {

// Three significant digits of value / unit^k for the k at which that is below `unit`, also once rounded.
template <size_t n>
std::string Scaled(double value, double unit, const std::string_view (&names)[n]) {
  const bool negative = value < 0;
  double magnitude = std::abs(value);
  size_t k = 0;
  while (k + 1 < n && magnitude >= unit - 0.5) {
    magnitude /= unit;
    ++k;
  }
  const bool whole = k == 0 && magnitude == std::floor(magnitude);
  const int digits = whole ? 0 : magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
  return fmt::format("{}{:.{}f}{}", negative ? "-" : "", magnitude, digits, names[k]);
}

}  // namespace

std::string HumanCount(double count) {
  constexpr std::string_view kNames[] = {"", "k", "M", "G", "T", "P"};
  return Scaled(count, 1000, kNames);
}

std::string GroupedDigits(int64_t count) {
  const std::string digits = fmt::format("{}", count);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    const size_t left = digits.size() - i;
    if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string HumanBytes(double bytes) {
  constexpr std::string_view kNames[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
  return Scaled(bytes, 1024, kNames);
}

std::string HumanDuration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
  const auto total = static_cast<int64_t>(std::llround(seconds));
  const int64_t days = total / 86400, hours = total / 3600 % 24, minutes = total / 60 % 60, rest = total % 60;
  if (days > 0) return fmt::format("{}d {:02}:{:02}:{:02}", days, hours, minutes, rest);
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, rest);
  return fmt::format("{}:{:02}", minutes, rest);
}

}  // namespace weft
