// UTF-8 and the four classes of characters that pre-tokenization patterns tell apart: letters
// (general category L), numbers (N), white space (White_Space), the rest. Unicode 16.0, from tables of
// our own, so that the same text gives the same tokens whatever libraries a machine has.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class CharClass : uint8_t {
  kOther,
  kLetter,
  kNumber,
  kSpace,    // white space but for CR and LF
  kNewline,  // CR or LF
  kInvalid,  // not the beginning of a well-formed character, or the end of the text
};
inline bool IsWhitespace(CharClass c) { return c == CharClass::kSpace || c == CharClass::kNewline; }

// The well-formed character that begins at p (Unicode 16.0, table 3-7): its length in bytes and its code
// point, or 0 if there is none: no overlong forms, no surrogates, nothing cut off by `end`.
inline int DecodeUtf8(const uint8_t* p, const uint8_t* end, uint32_t* code) {
  const auto trail = [&](int i) { return (p[i] & 0xC0) == 0x80; };
  if (p >= end) return 0;
  if (p[0] < 0x80) return *code = p[0], 1;
  if (p[0] < 0xE0) {
    if (p[0] < 0xC2 || end - p < 2 || !trail(1)) return 0;
    return *code = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu), 2;
  }
  if (p[0] < 0xF0) {
    if (end - p < 3 || !trail(1) || !trail(2)) return 0;
    *code = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    return *code >= 0x800 && (*code < 0xD800 || *code > 0xDFFF) ? 3 : 0;
  }
  if (p[0] > 0xF4 || end - p < 4 || !trail(1) || !trail(2) || !trail(3)) return 0;
  *code = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
  return *code >= 0x10000 && *code <= 0x10FFFF ? 4 : 0;
}

// Appends `code` (a Unicode scalar value) as UTF-8.
void AppendUtf8(uint32_t code, std::string* out);

// Bytes of the longest prefix of `text` that is well-formed UTF-8.
size_t ValidUtf8Prefix(std::string_view text);

// Bytes at the end of `text` (0 to 3) that begin a character and could be completed by what follows.
size_t IncompleteUtf8Suffix(std::string_view text);

// `text` with every maximal ill-formed subpart replaced by U+FFFD, as Python's errors="replace" does.
std::string ReplaceInvalidUtf8(std::string_view text);

// Class by code point: two table look-ups.
class CharClasses {
 public:
  static const CharClasses& Get();

  CharClass OfAscii(uint8_t byte) const { return ascii_[byte]; }  // byte >= 0x80: kInvalid
  CharClass OfCode(uint32_t code) const { return blocks_[index_[code >> 8]][code & 0xFF]; }
  // Of the character at p; sets its length (1 for kInvalid, 0 at the end).
  CharClass At(const uint8_t* p, const uint8_t* end, int* length) const {
    if (p < end && *p < 0x80) return *length = 1, ascii_[*p];
    uint32_t code = 0;
    *length = DecodeUtf8(p, end, &code);
    if (*length == 0) return *length = p < end, CharClass::kInvalid;
    return OfCode(code);
  }

 private:
  CharClasses();
  void Mark(uint32_t first, uint32_t last, CharClass value);
  std::array<CharClass, 256> ascii_;
  std::array<uint16_t, 0x1100> index_;  // by code >> 8
  std::vector<std::array<CharClass, 256>> blocks_;
};

}  // namespace weft
