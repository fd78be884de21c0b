#include "base/quote.h"

#include <fmt/core.h>

#include <cstdint>

namespace weft {

int Utf8Length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < static_cast<size_t>(length)) return 0;
  for (int i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;   // overlong
  if (lead == 0xed && byte(1) >= 0xa0) return 0;  // surrogates
  if (lead == 0xf0 && byte(1) < 0x90) return 0;   // overlong
  if (lead == 0xf4 && byte(1) >= 0x90) return 0;  // past U+10FFFF
  return length;
}

std::string Quote(std::string_view text, size_t limit) {
  std::string quoted = "'";
  size_t i = 0;
  while (i < text.size()) {
    if (i >= limit) return quoted + "'...";
    const int length = Utf8Length(text.substr(i));
    const auto byte = static_cast<uint8_t>(text[i]);
    if (length == 1 && byte == '\n') {
      quoted += "\\n";
    } else if (length == 1 && byte == '\t') {
      quoted += "\\t";
    } else if (length == 0 || byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      quoted += text.substr(i, length);
    }
    i += length == 0 ? 1 : static_cast<size_t>(length);
  }
  return quoted + "'";
}

}  // namespace weft
