// The pre-tokenization patterns in common use, by name, and a hand-written scanner for each.
//
//   gpt2   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//   gpt4   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
//          |\s*[\r\n]+|\s+(?!\S)|\s+              (cl100k_base as in Hugging Face's files; Llama 3)
//
// A scanner looks at one character (two at a space or a mark) and knows which alternative the regular
// expression would take, so it is linear on any input. Invalid bytes end a segment: each is a pre-token of
// its own, and what stands before it is split as if the text ended there.
#pragma once
#include <cstring>
#include <optional>
#include <string_view>

#include "frontends/tokenizer/unicode.h"

namespace weft {

struct NamedPattern {
  bool gpt4 = false;  // gpt4's alternatives, else gpt2's
  // gpt4 only:
  int max_digits = 3;                 // \p{N}{1,max_digits}: 3 or 1 (Qwen2)
  bool whole_trailing_space = false;  // tiktoken's own spelling puts \s++$ before \s*[\r\n]
};

// The canonical regular expression of "gpt2" or "gpt4"; empty for other names.
std::string_view PatternOfName(std::string_view name);
// The scanner that equals this regular expression, if it is one of the known spellings (byte for byte).
std::optional<NamedPattern> RecognizePattern(std::string_view regex);

// Finds the end of the pre-token at p. Requires p < end; the result is > p and <= end.
template <bool kGpt4>
class PatternScanner {
 public:
  explicit PatternScanner(const NamedPattern& pattern) : pattern_(pattern), classes_(CharClasses::Get()) {}

  const uint8_t* Next(const uint8_t* p, const uint8_t* end) const {
    int length = 0;
    const CharClass c = classes_.At(p, end, &length);
    switch (c) {
      case CharClass::kLetter:
        return Letters(p + length, end);
      case CharClass::kNumber:
        return Numbers(p, end);
      case CharClass::kSpace:
      case CharClass::kNewline:
        return AtSpace(c, p, length, end);
      case CharClass::kOther:
        return AtOther(p, length, end);
      case CharClass::kInvalid:
        break;
    }
    return p + 1;
  }

  // Whether every split of a text has a boundary between a character of class `before` and one of class
  // `after`, and the pieces on either side do not depend on the other: text may be cut there.
  static bool MayCut(CharClass before, CharClass after) {
    if (before == CharClass::kInvalid || after == CharClass::kInvalid) return true;
    if (before == CharClass::kLetter || before == CharClass::kNumber) return after != before;
    if (before != CharClass::kOther) return false;
    return after == CharClass::kSpace || (!kGpt4 && after == CharClass::kNewline);
  }

 private:
  // p stands at white space of class c.
  const uint8_t* AtSpace(CharClass c, const uint8_t* p, int length, const uint8_t* end) const {
    const uint8_t* q = p + length;
    int next_length = 0;
    const CharClass next = classes_.At(q, end, &next_length);
    if (next == CharClass::kLetter && (kGpt4 ? c == CharClass::kSpace : *p == ' ')) {
      return Letters(q + next_length, end);
    }
    if (*p == ' ') {
      if (next == CharClass::kOther) return Others(q + next_length, end);
      if (!kGpt4 && next == CharClass::kNumber) return Numbers(q, end);
    }
    return Whitespace(p, end);
  }

  // p stands at neither letter, number nor white space.
  const uint8_t* AtOther(const uint8_t* p, int length, const uint8_t* end) const {
    if (*p == '\'') {
      if (const int n = Contraction(p, end)) return p + n;
    }
    if (kGpt4) {
      int next_length = 0;
      const uint8_t* q = p + length;
      if (classes_.At(q, end, &next_length) == CharClass::kLetter) return Letters(q + next_length, end);
    }
    return Others(p + length, end);
  }

  // 's 't 're 've 'm 'll 'd; gpt4 in any case, where U+017F folds to s. Bytes, 0 if none.
  int Contraction(const uint8_t* p, const uint8_t* end) const {
    const uint8_t fold = kGpt4 ? 0x20 : 0;
    if (end - p < 2) return 0;
    const uint8_t a = p[1] | fold;
    if (a == 's' || a == 't' || a == 'm' || a == 'd') return 2;
    if (end - p < 3) return 0;
    const uint8_t b = p[2] | fold;
    if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l')) return 3;
    return kGpt4 && p[1] == 0xC5 && p[2] == 0xBF ? 3 : 0;
  }

  // The end of a run of letters: eight ASCII bytes at a time.
  const uint8_t* Letters(const uint8_t* p, const uint8_t* end) const {
    constexpr uint64_t kOnes = 0x0101010101010101, kHigh = 0x80 * kOnes;
    for (;;) {
      while (end - p >= 8) {
        uint64_t x;
        std::memcpy(&x, p, 8);
        const uint64_t lower = (x | 0x20 * kOnes) & ~kHigh;
        const uint64_t at_least_a = lower + (0x80 - 'a') * kOnes;
        const uint64_t above_z = lower + (0x80 - 'z' - 1) * kOnes;
        const uint64_t not_letter = ~(at_least_a & ~above_z & ~x) & kHigh;
        if (not_letter == 0) {
          p += 8;
          continue;
        }
        p += __builtin_ctzll(not_letter) >> 3;
        break;
      }
      while (p < end && classes_.OfAscii(*p) == CharClass::kLetter) ++p;
      int length = 0;
      if (p >= end || *p < 0x80 || classes_.At(p, end, &length) != CharClass::kLetter) return p;
      p += length;
    }
  }

  const uint8_t* Numbers(const uint8_t* p, const uint8_t* end) const {
    int length = 0;
    for (int n = 0; !kGpt4 || n < pattern_.max_digits; ++n) {
      if (classes_.At(p, end, &length) != CharClass::kNumber) break;
      p += length;
    }
    return p;
  }

  const uint8_t* Others(const uint8_t* p, const uint8_t* end) const {
    int length = 0;
    while (classes_.At(p, end, &length) == CharClass::kOther) p += length;
    while (kGpt4 && p < end && (*p == '\r' || *p == '\n')) ++p;
    return p;
  }

  // \s*[\r\n]+|\s+(?!\S)|\s+ (gpt2: without the first): up to the last newline of the run; else all of it
  // at the end of the segment; else all but its last character, which may begin what follows.
  const uint8_t* Whitespace(const uint8_t* p, const uint8_t* end) const {
    const uint8_t* q = p;
    const uint8_t* last = p;
    const uint8_t* after_newline = nullptr;
    int length = 0;
    CharClass c = classes_.At(q, end, &length);
    while (IsWhitespace(c)) {
      last = q;
      q += length;
      if (c == CharClass::kNewline) after_newline = q;
      c = classes_.At(q, end, &length);
    }
    const bool at_end = c == CharClass::kInvalid;
    if (kGpt4 && after_newline != nullptr && !(at_end && pattern_.whole_trailing_space)) return after_newline;
    return at_end || last == p ? q : last;
  }

  NamedPattern pattern_;
  const CharClasses& classes_;
};

}  // namespace weft
