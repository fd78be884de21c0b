#include "frontends/tokenizer/pretokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "frontends/tokenizer/text_blocks.h"
#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

using testing::Below;
using ::testing::HasSubstr;
using testing::RandomBytes;
using testing::RandomText;
using testing::Rng;

std::vector<std::string> Scan(std::string_view text, const NamedPattern& pattern) {
  std::vector<std::string> words;
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = p + text.size();
  while (p < end) {
    const uint8_t* next = pattern.gpt4 ? PatternScanner<true>(pattern).Next(p, end)
                                       : PatternScanner<false>(pattern).Next(p, end);
    words.emplace_back(p, next);
    p = next;
  }
  return words;
}

constexpr const char* kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+)"
    R"(|\s+(?!\S)|\s+)";
// GPT-4o's: no scanner knows it.
constexpr const char* kO200k =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

TEST(Pattern, Examples) {
  using Words = std::vector<std::string>;
  const NamedPattern gpt2{.gpt4 = false}, gpt4{.gpt4 = true};
  EXPECT_EQ(Scan("Hello, it's 2024  ok\n\n x", gpt2),
            (Words{"Hello", ",", " it", "'s", " 2024", " ", " ok", "\n\n", " x"}));
  EXPECT_EQ(Scan("Hello, it'S 12345  ok.\n\n x", gpt4),
            (Words{"Hello", ",", " it", "'S", " ", "123", "45", " ", " ok", ".\n\n", " x"}));
  EXPECT_EQ(Scan("a  \xFF b", gpt2), (Words{"a", "  ", "\xFF", " b"}));
}

class Scanner : public ::testing::TestWithParam<std::string> {};

TEST_P(Scanner, EqualsPcre2OnRandomBytes) {
  const std::string regex(PatternOfName(GetParam()).empty() ? GetParam()
                                                            : std::string(PatternOfName(GetParam())));
  const std::optional<NamedPattern> pattern = RecognizePattern(regex);
  ASSERT_TRUE(pattern.has_value());
  Rng rng(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = i % 2 == 0 ? RandomText(rng, Below(rng, 30)) : RandomBytes(rng, Below(rng, 60));
    ASSERT_EQ(Scan(text, *pattern), testing::PlainPreTokens(text, regex)) << text;
  }
}

// Wherever a text may be cut, both sides by themselves give the words of the whole.
TEST_P(Scanner, CutsChangeNothing) {
  const NamedPattern pattern = *RecognizePattern(
      PatternOfName(GetParam()).empty() ? std::string_view(GetParam()) : PatternOfName(GetParam()));
  Rng rng(2);
  const SpecialTokenFinder none;
  int cuts = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string text = i % 3 != 0 ? RandomText(rng, Below(rng, 20)) : RandomBytes(rng, Below(rng, 40));
    const std::vector<std::string> whole = Scan(text, pattern);
    for (size_t end = 0; end <= text.size(); ++end) {
      const size_t cut = LastCut(std::string_view(text).substr(0, end), 0, pattern, none);
      if (cut == 0) continue;
      ++cuts;
      std::vector<std::string> parts = Scan(text.substr(0, cut), pattern);
      for (std::string& word : Scan(text.substr(cut), pattern)) parts.push_back(std::move(word));
      ASSERT_EQ(parts, whole) << "cut at " << cut << " of " << text;
    }
  }
  EXPECT_GT(cuts, 10'000);
}

INSTANTIATE_TEST_SUITE_P(Patterns, Scanner, ::testing::Values("gpt2", "gpt4", kQwen2));

TEST(Pattern, TiktokensSpellings) {
  // The same as gpt2's; and with the white space at the very end in one piece.
  const auto r50k =
      RecognizePattern(R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)");
  ASSERT_TRUE(r50k.has_value());
  EXPECT_FALSE(r50k->gpt4);
  EXPECT_FALSE(RecognizePattern(kO200k).has_value());
}

TEST(RegexDialect, WhatOnigurumaMeans) {
  const auto split = [](std::string_view pattern, std::string_view text) {
    return testing::PlainPreTokens(text, pattern);
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(split(R"(a$)", "a\na\nba"), (Words{"a", "\n", "a", "\nb", "a"}));
  EXPECT_EQ(split(R"(^a)", "a\na\nba"), (Words{"a", "\n", "a", "\nba"}));
  EXPECT_EQ(split(R"(\h+)", "  af09 gx"), (Words{"  ", "af09", " gx"}));
  EXPECT_EQ(split(R"(x*)", "abxxc"), (Words{"a", "b", "xx", "c"}));
  EXPECT_EQ(split(R"(x*)", "xxabxx"), (Words{"xx", "a", "b", "xx"}));
  EXPECT_EQ(split(R"((?<=a)b)", "abcb"), (Words{"a", "b", "cb"}));
  EXPECT_EQ(split(R"(\s+)", "a\u180Eb c"), (Words{"a\u180Eb", " ", "c"}));
  EXPECT_EQ(split(R"(\w+)", "नमस्ते, a_1"), (Words{"नमस्ते", ", ", "a_1"}));
  EXPECT_EQ(split(R"(\b)", "ab, c"), (Words{"ab", ", ", "c"}));
  EXPECT_EQ(split(R"(\u0062+)", "abbc"), (Words{"a", "bb", "c"}));
}

TEST(RegexDialect, RefusedOrMalformed) {
  const auto message = [](std::string_view pattern) {
    const auto splitter = RegexSplitter::Compile(pattern);
    return splitter.ok() ? "" : Message(splitter.status());
  };
  EXPECT_THAT(message(R"(\p{N}{1,3}+)"), HasSubstr("{n,m}+ at byte"));
  EXPECT_EQ(message(R"(\p{N}+)"), "");
  EXPECT_THAT(message(R"([a-z&&[^b]])"), HasSubstr("&& in a class"));
  EXPECT_THAT(message(R"([a[bc]])"), HasSubstr("[ inside a class"));
  EXPECT_EQ(message(R"([[:alpha:]\[]+)"), "");
  EXPECT_THAT(message(R"([\W])"), HasSubstr("inside a class"));
  EXPECT_THAT(message(R"(\Gab)"), HasSubstr("not supported"));
  EXPECT_THAT(message("a\\"), HasSubstr("lone backslash"));
  EXPECT_THAT(message("(ab"), HasSubstr("does not compile"));
  EXPECT_THAT(message("[ab"), HasSubstr("does not compile"));
  EXPECT_THAT(message("\\u12"), HasSubstr("four digits"));
  EXPECT_THAT(message(""), HasSubstr("empty"));
  EXPECT_THAT(message("a\xFF"), HasSubstr("not valid UTF-8"));
}

// Backtracking that gives up is an error, never "no match".
TEST(RegexSplitter, LimitIsAnError) {
  const auto splitter = RegexSplitter::Compile("(a+)+b|c").value();
  std::vector<RegexSplitter::Piece> pieces;
  const Status status = splitter->Split(std::string(50, 'a') + "c", 0, true, &pieces);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(Message(status), HasSubstr("match limit"));
}

TEST(RegexSplitter, DeepRecursionIsFine) {
  const auto splitter = RegexSplitter::Compile("(?:a|b|ab)+").value();
  std::vector<RegexSplitter::Piece> pieces;
  const std::string text(200'000, 'a');
  ASSERT_TRUE(splitter->Split(text, 0, true, &pieces).ok());
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(pieces[0].end, text.size());
}

std::vector<std::string> Words(std::string_view text, const std::vector<Span>& spans) {
  std::vector<std::string> words;
  for (const Span& span : spans) {
    std::string word(span.prefix_space ? 1 : 0, ' ');
    word += text.substr(span.begin, span.end - span.begin);
    words.push_back(span.special >= 0 ? fmt::format("<{}>", span.special) : word);
  }
  return words;
}

std::vector<std::string> Split(const PreTokenizerSpec& spec, std::string_view text,
                               const SpecialTokenFinder& specials = {}) {
  const auto pretokenizer = PreTokenizer::Create(spec).value();
  std::vector<Span> spans;
  SplitPosition position;
  EXPECT_TRUE(pretokenizer->Split(text, true, specials, &position, &spans).ok());
  return Words(text, spans);
}

TEST(PreTokenizer, StepsAndPrefix) {
  using List = std::vector<std::string>;
  const std::string gpt2(PatternOfName("gpt2"));
  EXPECT_EQ(Split({{{R"(\p{N})"}, {gpt2}}}, "ab 12 c"), (List{"ab", " ", "1", "2", " c"}));
  EXPECT_EQ(Split({{}}, "any \xFF thing"), (List{"any ", "\xFF", " thing"}));
  EXPECT_EQ(Split({{{R"(\w+)", false}}}, "ab, cd"), (List{"ab", "cd"}));
  const PreTokenizerSpec prefixed{{{gpt2}}, true};
  const SpecialTokenFinder special({{"<s>", 7}});
  EXPECT_EQ(Split(prefixed, "ab cd", special), (List{" ab", " cd"}));
  EXPECT_EQ(Split(prefixed, " ab", special), (List{" ab"}));
  EXPECT_EQ(Split(prefixed, "\nab", special), (List{" ", "\n", "ab"}));
  EXPECT_EQ(Split(prefixed, "<s>ab<s>", special), (List{"<7>", " ab", "<7>"}));
  EXPECT_EQ(Split(prefixed, "", special), List{});
  EXPECT_EQ(Split({{}, true}, "ab", special), (List{" ab"}));
}

TEST(SpecialTokens, LeftmostThenLongest) {
  const SpecialTokenFinder finder({{"<a>", 1}, {"<a><b>", 2}, {"x", 3}, {"<b>", 4}});
  const auto all = [](const SpecialTokenFinder& f, std::string_view text) {
    std::vector<uint32_t> ids;
    SpecialTokenFinder::Match match{};
    for (size_t at = 0; f.Next(text, at, &match); at = match.end) ids.push_back(match.id);
    return ids;
  };
  EXPECT_EQ(all(finder, "..<a><b>x<a><b"), (std::vector<uint32_t>{2, 3, 1}));
  EXPECT_EQ(all(finder, "<<a>a><b>"), (std::vector<uint32_t>{1, 4}));
  EXPECT_EQ(finder.CutOffAt("abc<a><"), 3u) << "<a> could become <a><b>";
  EXPECT_EQ(finder.CutOffAt("abc<a>."), 7u);
  EXPECT_EQ(finder.CutOffAt("abc<a"), 3u);
  EXPECT_TRUE(finder.Straddles("..<a>..", 3));
  EXPECT_FALSE(finder.Straddles("..<a>..", 2));
  EXPECT_FALSE(finder.Straddles("..<a>..", 5));
  const SpecialTokenFinder as_text({{"<a>", 1, true}, {"a", 2}});
  EXPECT_EQ(all(as_text, "a<a>a"), (std::vector<uint32_t>{2, 2})) << "nothing is found inside of <a>";
}

struct BlockCase {
  const char* name;
  PreTokenizerSpec spec;
};

void PrintTo(const BlockCase& c, std::ostream* out) { *out << c.name; }

class Blocks : public ::testing::TestWithParam<BlockCase> {};

// Blocks of any size hold the words of the whole text.
TEST_P(Blocks, HoldTheWholeText) {
  const auto pretokenizer = PreTokenizer::Create(GetParam().spec).value();
  const SpecialTokenFinder specials({{"<|end|>", 0}, {"<|", 1}, {"ab", 2}});
  Rng rng(3);
  int64_t num_blocks = 0;
  for (int i = 0; i < 400; ++i) {
    std::string text;
    for (int n = Below(rng, 12); n > 0; --n) {
      text += Below(rng, 2) == 0 ? RandomText(rng, Below(rng, 12)) : RandomBytes(rng, Below(rng, 20));
      if (Below(rng, 2) == 0) text += Below(rng, 2) == 0 ? "<|end|>" : "<|en";
    }
    std::vector<Span> spans;
    SplitPosition position;
    ASSERT_TRUE(pretokenizer->Split(text, true, specials, &position, &spans).ok());
    const std::vector<std::string> whole = Words(text, spans);
    TextBlocks blocks(*pretokenizer, specials, static_cast<size_t>(1 + Below(rng, 40)));
    blocks.OpenMemory(text);
    std::vector<std::string> words;
    std::string joined;
    TextBlock block;
    while (*blocks.Next(&block)) {
      joined += block.text();
      if (!block.split) {
        block.spans.clear();
        SplitPosition from{.begin = block.begin};
        ASSERT_TRUE(pretokenizer->Split(block.buffer.text(), true, specials, &from, &block.spans).ok());
      }
      for (std::string& word : Words(block.buffer.text(), block.spans)) words.push_back(std::move(word));
    }
    ASSERT_EQ(joined, text);
    ASSERT_EQ(words, whole) << text;
    num_blocks += block.index + 1;
  }
  EXPECT_GT(num_blocks, 1000);
}

INSTANTIATE_TEST_SUITE_P(
    Specs, Blocks,
    ::testing::Values(BlockCase{"gpt2", {{{std::string(PatternOfName("gpt2"))}}}},
                      BlockCase{"gpt4", {{{std::string(PatternOfName("gpt4"))}}}},
                      BlockCase{"o200k", {{{kO200k}}}},
                      BlockCase{"digits", {{{R"(\p{N})"}, {std::string(PatternOfName("gpt2"))}}}},
                      BlockCase{"lookbehind", {{{R"((?<=[ab]\s)\w|\bx|^\s|.$)"}}}},
                      BlockCase{"removed", {{{R"(\w+)", false}}}}, BlockCase{"none", {{}}},
                      BlockCase{"prefix", {{{std::string(PatternOfName("gpt2"))}}, true}}),
    [](const auto& info) { return info.param.name; });

TEST(Blocks, FilesOneAfterTheOther) {
  const std::string directory = ::testing::TempDir() + "/weft_blocks";
  ASSERT_TRUE(CreateDirectories(directory).ok());
  const std::string a = directory + "/a", b = directory + "/b", empty = directory + "/empty";
  ASSERT_TRUE(WriteFileAtomically(a, "one tw").ok());
  ASSERT_TRUE(WriteFileAtomically(b, "o").ok());
  ASSERT_TRUE(WriteFileAtomically(empty, "").ok());
  const auto pretokenizer = PreTokenizer::Create({{{std::string(PatternOfName("gpt2"))}}}).value();
  const SpecialTokenFinder none;
  TextBlocks blocks(*pretokenizer, none, 1 << 20);
  ASSERT_TRUE(blocks.OpenFiles({a, empty, b}).ok());
  EXPECT_EQ(blocks.total_bytes(), 7);
  std::vector<std::string> texts;
  TextBlock block;
  while (*blocks.Next(&block)) {
    if (!block.text().empty()) texts.emplace_back(block.text());
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"one tw", "o"})) << "a file ends a text";
  TextBlocks missing(*pretokenizer, none, 1 << 20);
  EXPECT_THAT(Message(missing.OpenFiles({directory + "/none"})), HasSubstr("No such file"));
  EXPECT_THAT(Message(missing.OpenFiles({directory})), HasSubstr("is a directory"));
}

}  // namespace
}  // namespace weft
