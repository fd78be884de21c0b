#include "frontends/tokenizer/unicode.h"

#include <gtest/gtest.h>

#include <set>

#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/regex_splitter.h"
#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

std::string Utf8(uint32_t code) {
  std::string text;
  AppendUtf8(code, &text);
  return text;
}

TEST(Unicode, EveryCodePointThereAndBack) {
  for (uint32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const std::string text = Utf8(code);
    uint32_t back = 0;
    const auto* p = reinterpret_cast<const uint8_t*>(text.data());
    ASSERT_EQ(DecodeUtf8(p, p + text.size(), &back), static_cast<int>(text.size()));
    ASSERT_EQ(back, code);
    ASSERT_EQ(DecodeUtf8(p, p + text.size() - 1, &back), 0) << "cut off";
  }
}

TEST(Unicode, IllFormedIsRefused) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
                           "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\xFF", "\x80", "\xC3(", "\xE2\x28\xA1", "\xF0\x9F\x92"}) {
    EXPECT_EQ(ValidUtf8Prefix(text), 0u) << text;
  }
}

// Table 3-8 and its neighbours in the Unicode standard: one U+FFFD for each maximal subpart.
TEST(Unicode, ReplacementByMaximalSubparts) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(ReplaceInvalidUtf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(ReplaceInvalidUtf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(ReplaceInvalidUtf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(ReplaceInvalidUtf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
  EXPECT_EQ(ReplaceInvalidUtf8("plain ä"), "plain ä");
  EXPECT_EQ(ReplaceInvalidUtf8(""), "");
}

TEST(Unicode, IncompleteSuffix) {
  EXPECT_EQ(IncompleteUtf8Suffix("a"), 0u);
  EXPECT_EQ(IncompleteUtf8Suffix(""), 0u);
  EXPECT_EQ(IncompleteUtf8Suffix("ä"), 0u);
  EXPECT_EQ(IncompleteUtf8Suffix("a\xC3"), 1u);
  EXPECT_EQ(IncompleteUtf8Suffix("\xE4\xB8"), 2u);
  EXPECT_EQ(IncompleteUtf8Suffix("\xF0\x9F\x92"), 3u);
  EXPECT_EQ(IncompleteUtf8Suffix("\xE0\x80"), 0u) << "can never become a character";
  EXPECT_EQ(IncompleteUtf8Suffix("\x80\x80"), 0u);
}

// The members of a PCRE2 class, by code point.
std::set<uint32_t> Members(const std::string& pattern) {
  const auto splitter = RegexSplitter::Compile(pattern).value();
  std::string all;
  std::vector<uint32_t> codes;
  for (uint32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    AppendUtf8(code, &all);
    codes.push_back(code);
  }
  std::vector<RegexSplitter::Piece> pieces;
  EXPECT_TRUE(splitter->Split(all, 0, true, &pieces).ok());
  std::set<uint32_t> members;
  size_t at = 0, i = 0;
  for (const auto& piece : pieces) {
    for (; at < piece.end; at += Utf8(codes[i]).size(), ++i) {
      if (piece.matched) members.insert(codes[i]);
    }
  }
  return members;
}

// PCRE2 knows another version of Unicode: only characters that it knows are compared.
TEST(Unicode, ClassesAreThoseOfPcre2) {
  const std::set<uint32_t> letters = Members(R"(\p{L})"), numbers = Members(R"(\p{N})"),
                           spaces = Members(R"(\s)"), unassigned = Members(R"(\p{Cn})");
  ASSERT_GT(letters.size(), 100'000u);
  ASSERT_EQ(spaces.size(), 25u);
  const CharClasses& classes = CharClasses::Get();
  for (uint32_t code = 0; code < 0x110000; ++code) {
    if (unassigned.contains(code) || (code >= 0xD800 && code <= 0xDFFF)) continue;
    const CharClass c = classes.OfCode(code);
    ASSERT_EQ(c == CharClass::kLetter, letters.contains(code)) << std::hex << code;
    ASSERT_EQ(c == CharClass::kNumber, numbers.contains(code)) << std::hex << code;
    ASSERT_EQ(IsWhitespace(c), spaces.contains(code)) << std::hex << code;
  }
}

TEST(Unicode, NumbersOfUnicode16) {
  const CharClasses& classes = CharClasses::Get();
  int64_t letters = 0, numbers = 0;
  for (uint32_t code = 0; code < 0x110000; ++code) {
    letters += classes.OfCode(code) == CharClass::kLetter;
    numbers += classes.OfCode(code) == CharClass::kNumber;
  }
  EXPECT_EQ(letters, 141'028);  // as Hugging Face tokenizers 0.23 and tiktoken 0.14 count
  EXPECT_EQ(numbers, 1'911);
}

TEST(ByteLevel, ThereAndBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  std::string back;
  ASSERT_TRUE(FromByteLevel(ToByteLevel(all), &back));
  EXPECT_EQ(back, all);
  EXPECT_EQ(ToByteLevel(" a\n"), "ĠaĊ");
  EXPECT_FALSE(FromByteLevel("a b", &back));
  EXPECT_FALSE(FromByteLevel("日", &back));
  EXPECT_FALSE(FromByteLevel("\xFF", &back));
  EXPECT_EQ(ByteLevelAlphabet().size(), 256u);
  EXPECT_EQ(ByteLevelAlphabet()[0], '!');
  EXPECT_EQ(static_cast<uint8_t>(ByteLevelAlphabet()[255]), 0xAD);
}

}  // namespace
}  // namespace weft
