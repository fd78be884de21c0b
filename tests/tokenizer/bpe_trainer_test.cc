#include "frontends/tokenizer/bpe_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/word_counts.h"
#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

using testing::Below;
using testing::BytesPair;
using ::testing::HasSubstr;
using testing::Rng;

std::vector<BytesPair> MergesOf(const Tokenizer& tokenizer) {
  const TokenizerSpec spec = ParseTokenizerJson(tokenizer.ToJson()).value();
  std::vector<BytesPair> merges;
  for (const Merge& merge : spec.merges)
    merges.emplace_back(spec.tokens[merge.left], spec.tokens[merge.right]);
  return merges;
}

std::string RandomCorpus(Rng& rng, int kind, int size) {
  if (kind == 0) return testing::RandomText(rng, size);
  if (kind == 1) return testing::RandomBytes(rng, 6 * size);
  std::string text;  // words of few letters: ties, overlaps, long runs
  for (int i = 0; i < size; ++i) {
    text += testing::RandomLetters(rng, 1 + Below(rng, 3), 1 + Below(rng, Below(rng, 20) == 0 ? 60 : 8));
    text += ' ';
  }
  return text;
}

class Trainer : public ::testing::TestWithParam<TieBreak> {};

TEST_P(Trainer, EqualsThePlainOne) {
  Rng rng(4);
  for (int i = 0; i < 120; ++i) {
    const std::string text = RandomCorpus(rng, i % 3, 1 + Below(rng, 60));
    BpeTrainerOptions options;
    options.vocab_size = 257 + Below(rng, 120);
    options.tie_break = GetParam();
    options.min_frequency = Below(rng, 4);
    options.pattern = i % 2 == 0 ? "gpt2" : "gpt4";
    options.threads = 1 + Below(rng, 3);
    const StatusOr<Tokenizer> tokenizer = TrainBpeOnText(text, options);
    if (text.empty()) continue;
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    const auto expected =
        testing::PlainTrain(testing::PlainPreTokens(text, options.pattern), options.vocab_size - 257,
                            options.min_frequency, options.tie_break);
    ASSERT_EQ(MergesOf(*tokenizer), expected) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(TieBreaks, Trainer, ::testing::Values(TieBreak::kHuggingFace, TieBreak::kCs336));

TEST(Trainer, TieBreaksDiffer) {
  BpeTrainerOptions options;
  options.vocab_size = 258;
  EXPECT_EQ(MergesOf(TrainBpeOnText("ab cd", options).value()), (std::vector<BytesPair>{{"a", "b"}}));
  options.tie_break = TieBreak::kCs336;
  EXPECT_EQ(MergesOf(TrainBpeOnText("ab cd", options).value()), (std::vector<BytesPair>{{"c", "d"}}));
}

TEST(Trainer, ManyThreadsAndFilesGiveTheSame) {
  Rng rng(5);
  const std::string directory = ::testing::TempDir() + "/weft_trainer";
  ASSERT_TRUE(CreateDirectories(directory).ok());
  std::vector<std::string> paths;
  std::string all;
  for (int i = 0; i < 5; ++i) {
    std::string text;
    while (text.size() < 900'000) text += testing::RandomText(rng, 200) + "<|endoftext|>";
    all += text;
    paths.push_back(directory + "/" + std::to_string(i));
    ASSERT_TRUE(WriteFileAtomically(paths.back(), text).ok());
  }
  BpeTrainerOptions options;
  options.vocab_size = 700;
  BpeTrainingReport one, report;
  const std::string expected = TrainBpeOnText(all, options, {}, &one)->ToJson();
  EXPECT_EQ(one.bytes, static_cast<int64_t>(all.size()));
  EXPECT_EQ(one.merges, 700 - 257);
  for (const int threads : {1, 2, 5}) {
    options.threads = threads;
    EXPECT_EQ(TrainBpe(paths, options, {}, &report)->ToJson(), expected) << threads;
    EXPECT_EQ(report.bytes, one.bytes);
    EXPECT_EQ(report.distinct_words, one.distinct_words);
  }
}

TEST(Trainer, SpecialTokensAreCutOut) {
  BpeTrainerOptions options;
  options.vocab_size = 300;
  options.special_tokens = {"<|end|>", "<|"};
  const Tokenizer tokenizer = TrainBpeOnText("ab<|end|>ab<|end|>ab<|ab", options).value();
  EXPECT_EQ(MergesOf(tokenizer), (std::vector<BytesPair>{{"a", "b"}}));
  EXPECT_EQ(tokenizer.Encode("ab<|end|>").value(), (std::vector<uint32_t>{258, 0}));
  options.special_tokens = {};
  EXPECT_THAT(MergesOf(TrainBpeOnText("ab<|end|>ab<|end|>", options).value()).size(), ::testing::Gt(1u));
}

// One pre-token of a million bytes: a merge must cost what it changes, not the length of the word.
TEST(Trainer, OneHugeWord) {
  Rng rng(6);
  BpeTrainerOptions options;
  options.vocab_size = 3000;
  const std::string text = testing::RandomLetters(rng, 4, 1'000'000);
  const Tokenizer tokenizer = TrainBpeOnText(text, options).value();
  EXPECT_EQ(tokenizer.vocab_size(), 3000);
  EXPECT_EQ(tokenizer.DecodeBytes(tokenizer.Encode(text).value()).value(), text);
  options.vocab_size = 300;
  EXPECT_EQ(TrainBpeOnText(std::string(1 << 21, 'a'), options)->vocab_size(), 257 + 21);
}

TEST(Trainer, CustomPattern) {
  BpeTrainerOptions options;
  options.vocab_size = 280;
  options.pattern = R"(\w+|\W)";
  options.threads = 3;
  EXPECT_EQ(MergesOf(TrainBpeOnText("aa aa, aa", options).value()), (std::vector<BytesPair>{{"a", "a"}}));
}

TEST(Trainer, Errors) {
  BpeTrainerOptions options;
  options.vocab_size = 256;
  const auto message = [&](std::string_view text) { return Message(TrainBpeOnText(text, options).status()); };
  EXPECT_EQ(message("text"),
            "vocabulary of 256 tokens, expected at least 257: 256 bytes and 1 special tokens");
  options.vocab_size = 1 << 30;
  EXPECT_THAT(message("text"), HasSubstr("expected at most"));
  options.vocab_size = 300;
  EXPECT_THAT(message(""), HasSubstr("no text to train on"));
  EXPECT_THAT(message("<|endoftext|>"), HasSubstr("no text to train on"));
  EXPECT_THAT(Message(TrainBpe({}, options).status()), HasSubstr("no files"));
  EXPECT_THAT(Message(TrainBpe({"/nonexistent/file"}, options).status()), HasSubstr("/nonexistent/file"));
  options.pattern = "(";
  EXPECT_THAT(message("text"), HasSubstr("does not compile"));
  options.pattern = "(a+)+b|c";
  EXPECT_THAT(message(std::string(50, 'a') + "c"), HasSubstr("match limit"));
  options.pattern = "gpt2";
  options.special_tokens = {""};
  EXPECT_THAT(message("text"), HasSubstr("is empty"));
  options.special_tokens = {"ab", "ab"};
  EXPECT_THAT(message("text"), HasSubstr("twice"));
  options.special_tokens = {"\n"};
  EXPECT_THAT(message("text"), HasSubstr("single byte"));
  options.special_tokens = {"Ġtext"};
  EXPECT_THAT(message("a text text"), HasSubstr("choose another name"));
  options.special_tokens = {};
  options.threads = 0;
  EXPECT_THAT(message("text"), HasSubstr("threads is 0"));
  options.threads = 2;
  options.max_memory = 1000;
  EXPECT_THAT(message("text"), HasSubstr("distinct pre-tokens"));
}

TEST(Trainer, ProgressAndCancelling) {
  BpeTrainerOptions options;
  options.vocab_size = 1500;
  options.threads = 2;
  Rng rng(7);
  std::string text;
  while (text.size() < 7'000'000) text += testing::RandomText(rng, 1000);
  int reading = 0, merging = 0;
  int64_t last = -1;
  RunControl control;
  control.progress = [&](std::string_view stage, int64_t done, int64_t total) {
    ++(stage == "reading" ? reading : merging);
    if (stage == "reading") {
      EXPECT_GT(done, last);
      EXPECT_EQ(total, static_cast<int64_t>(text.size()));
      last = done;
    }
  };
  ASSERT_TRUE(TrainBpeOnText(text, options, control).ok());
  EXPECT_GT(reading, 2);
  EXPECT_GT(merging, 2);
  int polls = 0;
  control.progress = nullptr;
  control.cancelled = [&] { return ++polls > 2; };
  EXPECT_EQ(TrainBpeOnText(text, options, control).status().code(), absl::StatusCode::kCancelled);
}

TEST(WordCounts, ShortAndLongWords) {
  Rng rng(8);
  std::map<std::string, int64_t> expected;
  WordCounts a, b;
  for (int i = 0; i < 40'000; ++i) {
    const std::string word = testing::RandomLetters(rng, 3, 1 + Below(rng, 20)) + (i % 7 == 0 ? "\0x" : "");
    ++expected[word];
    const auto* p = reinterpret_cast<const uint8_t*>(word.data());
    (i % 2 == 0 ? a : b).Add(p, word.size(), p + word.size());
  }
  a.Add(b);
  std::map<std::string, int64_t> got;
  a.ForEach([&](std::string_view word, int64_t count) { got[std::string(word)] += count; });
  EXPECT_EQ(got, expected);
  EXPECT_EQ(a.size(), expected.size());
}

}  // namespace
}  // namespace weft
