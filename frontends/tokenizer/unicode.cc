#include "frontends/tokenizer/unicode.h"

#include "frontends/tokenizer/unicode_ranges.h"

namespace weft {
namespace {

// Unicode's property White_Space.
constexpr CodeRange kSpaceRanges[] = {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                                      {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                      {0x205F, 0x205F}, {0x3000, 0x3000}};

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

// Bytes (1 to 3) of the ill-formed sequence at p that one U+FFFD stands for: the longest prefix of some
// well-formed character, or a single byte.
size_t MaximalSubpart(const uint8_t* p, const uint8_t* end) {
  const uint8_t lead = *p;
  if (lead < 0xC2 || lead > 0xF4) return 1;
  const size_t want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint8_t low = 0x80, high = 0xBF;  // of the second byte
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  size_t n = 1;
  while (n < want && p + n < end && p[n] >= low && p[n] <= high) {
    ++n;
    low = 0x80;
    high = 0xBF;
  }
  return n;
}

}  // namespace

void AppendUtf8(uint32_t code, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

size_t ValidUtf8Prefix(std::string_view text) {
  const uint8_t* begin = Bytes(text);
  const uint8_t* end = begin + text.size();
  const uint8_t* p = begin;
  uint32_t code = 0;
  while (p < end) {
    const int n = DecodeUtf8(p, end, &code);
    if (n == 0) break;
    p += n;
  }
  return static_cast<size_t>(p - begin);
}

size_t IncompleteUtf8Suffix(std::string_view text) {
  const uint8_t* end = Bytes(text) + text.size();
  for (size_t n = 1; n <= 3 && n <= text.size(); ++n) {
    const uint8_t lead = end[-static_cast<ptrdiff_t>(n)];
    if ((lead & 0xC0) == 0x80) continue;
    const size_t want = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return n < want && MaximalSubpart(end - n, end) == n ? n : 0;
  }
  return 0;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t valid = ValidUtf8Prefix(text);
    out.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) break;
    out.append("\xEF\xBF\xBD");
    text.remove_prefix(MaximalSubpart(Bytes(text), Bytes(text) + text.size()));
  }
  return out;
}

const CharClasses& CharClasses::Get() {
  static const CharClasses classes;
  return classes;
}

CharClasses::CharClasses() {
  // Blocks 0 and 1 are all kOther and all kLetter; a block becomes its own once a range covers it in part.
  blocks_.emplace_back().fill(CharClass::kOther);
  blocks_.emplace_back().fill(CharClass::kLetter);
  index_.fill(0);
  for (size_t i = 0; i < kLetterRangesCount; ++i) {
    Mark(kLetterRanges[i].first, kLetterRanges[i].last, CharClass::kLetter);
  }
  for (size_t i = 0; i < kNumberRangesCount; ++i) {
    Mark(kNumberRanges[i].first, kNumberRanges[i].last, CharClass::kNumber);
  }
  for (const CodeRange& range : kSpaceRanges) Mark(range.first, range.last, CharClass::kSpace);
  Mark('\n', '\n', CharClass::kNewline);
  Mark('\r', '\r', CharClass::kNewline);
  ascii_.fill(CharClass::kInvalid);
  for (uint32_t c = 0; c < 0x80; ++c) ascii_[c] = OfCode(c);
}

void CharClasses::Mark(uint32_t first, uint32_t last, CharClass value) {
  for (uint32_t block = first >> 8; block <= last >> 8; ++block) {
    const uint32_t from = block == first >> 8 ? first & 0xFF : 0;
    const uint32_t to = block == last >> 8 ? last & 0xFF : 0xFF;
    if (value == CharClass::kLetter && from == 0 && to == 0xFF) {
      index_[block] = 1;
      continue;
    }
    if (index_[block] == 0) {
      index_[block] = static_cast<uint16_t>(blocks_.size());
      blocks_.emplace_back().fill(CharClass::kOther);
    }
    for (uint32_t i = from; i <= to; ++i) blocks_[index_[block]][i] = value;
  }
}

}  // namespace weft
