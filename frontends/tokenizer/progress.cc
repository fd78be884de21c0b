#include "frontends/tokenizer/progress.h"

#include <fmt/core.h>

namespace weft {

std::string ToString(const Progress& progress, std::string_view unit) {
  const bool mega = unit == "MB";
  const double scale = mega ? 1e-6 : 1;
  const int digits = mega ? 1 : 0;
  std::string text =
      fmt::format("{}: {:.{}f}", progress.stage, scale * static_cast<double>(progress.done), digits);
  if (progress.total > 0) {
    text +=
        fmt::format(" of {:.{}f} {} ({:.0f} %)", scale * static_cast<double>(progress.total), digits, unit,
                    100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.total));
  } else {
    text += fmt::format(" {}", unit);
  }
  if (progress.rate() > 0) text += fmt::format(", {:.{}f} {}/s", scale * progress.rate(), digits, unit);
  if (progress.seconds_left() >= 0) text += fmt::format(", {:.0f} s left", progress.seconds_left());
  return text;
}

}  // namespace weft
