#include "frontends/tokenizer/byte_level.h"

#include <array>
#include <cstdint>

#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

constexpr uint32_t kCodes = 256 + 68;
struct Maps {
  std::array<uint16_t, 256> code_of{};
  std::array<int16_t, kCodes> byte_of{};  // -1: none
};
constexpr Maps kMaps = [] {
  Maps maps;
  maps.byte_of.fill(-1);
  uint16_t next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
    const uint16_t code = printable ? static_cast<uint16_t>(byte) : next++;
    maps.code_of[byte] = code;
    maps.byte_of[code] = static_cast<int16_t>(byte);
  }
  return maps;
}();

}  // namespace

std::string ByteLevelAlphabet() {
  std::string bytes;
  for (const int16_t byte : kMaps.byte_of) {
    if (byte >= 0) bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

std::string ToByteLevel(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) AppendUtf8(kMaps.code_of[static_cast<uint8_t>(c)], &text);
  return text;
}

bool FromByteLevel(std::string_view text, std::string* bytes) {
  bytes->clear();
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = p + text.size();
  while (p < end) {
    uint32_t code = 0;
    const int n = DecodeUtf8(p, end, &code);
    if (n == 0 || code >= kCodes || kMaps.byte_of[code] < 0) return false;
    bytes->push_back(static_cast<char>(kMaps.byte_of[code]));
    p += n;
  }
  return true;
}

}  // namespace weft
