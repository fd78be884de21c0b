#include "frontends/tokenizer/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/file.h"
#include "frontends/tokenizer/bench.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "tests/tokenizer/reference.h"

namespace weft {
namespace {

using testing::Below;
using ::testing::HasSubstr;
using testing::Rng;
using Ids = std::vector<uint32_t>;

std::string Corpus(size_t size) {
  Rng rng(11);
  std::string text;
  while (text.size() < size) text += testing::RandomText(rng, 200) + "<|endoftext|>";
  return text;
}

Tokenizer Trained(const std::string& pattern, int64_t vocab_size = 900) {
  BpeTrainerOptions options;
  options.vocab_size = vocab_size;
  options.pattern = pattern;
  return TrainBpeOnText(Corpus(100'000), options).value();
}

testing::PlainEncoder PlainEncoderOf(const Tokenizer& tokenizer) {
  const TokenizerSpec spec = ParseTokenizerJson(tokenizer.ToJson()).value();
  return {{spec.byte_ids.begin(), spec.byte_ids.end()}, spec.merges};
}

class Encoding : public ::testing::TestWithParam<const char*> {};

TEST_P(Encoding, EqualsThePlainOneAndComesBack) {
  const Tokenizer tokenizer = Trained(GetParam());
  const testing::PlainEncoder plain = PlainEncoderOf(tokenizer);
  Rng rng(12);
  for (int i = 0; i < 400; ++i) {
    const std::string text =
        i % 2 == 0 ? testing::RandomText(rng, Below(rng, 60)) : testing::RandomBytes(rng, 90);
    const Ids ids = tokenizer.Encode(text).value();
    Ids expected;
    for (const std::string& word : testing::PlainPreTokens(text, GetParam())) {
      const Ids more = plain.EncodeWord(word);
      expected.insert(expected.end(), more.begin(), more.end());
    }
    ASSERT_EQ(ids, expected) << text;
    ASSERT_EQ(tokenizer.DecodeBytes(ids).value(), text);
  }
}

// A whole text, a file, and any number of threads.
TEST_P(Encoding, StreamsAndThreadsGiveTheSame) {
  const Tokenizer tokenizer = Trained(GetParam());
  std::string text = Corpus(3'000'000);
  text += std::string(1'500'000, ' ') + "end \xFF" + std::string(100'000, '\x80') + "<|endof";
  const Ids expected = tokenizer.Encode(text).value();
  ASSERT_EQ(tokenizer.DecodeBytes(expected).value(), text);
  const std::string path = ::testing::TempDir() + "/weft_encode.txt";
  ASSERT_TRUE(WriteFileAtomically(path, text).ok());
  for (const int threads : {1, 3}) {
    EXPECT_EQ(tokenizer.Encode(text, {.threads = threads}).value(), expected) << threads;
    Ids ids;
    ASSERT_TRUE(tokenizer
                    .EncodeFiles({path}, {.threads = threads},
                                 [&ids](std::span<const uint32_t> more) {
                                   ids.insert(ids.end(), more.begin(), more.end());
                                   return OkStatus();
                                 })
                    .ok());
    EXPECT_EQ(ids, expected) << threads;
  }
}

constexpr const char* kCustom = R"(\p{L}+|\p{N}{1,2}|[^\s\p{L}\p{N}]+|\s+?(?=\s\S|\S|$)|\s)";
INSTANTIATE_TEST_SUITE_P(Patterns, Encoding, ::testing::Values("gpt2", "gpt4", kCustom));

TEST(Tokenizer, EveryByteAndEveryPair) {
  const Tokenizer tokenizer = Trained("gpt4");
  std::string text;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string pair = {static_cast<char>(a), static_cast<char>(b)};
      ASSERT_EQ(tokenizer.DecodeBytes(tokenizer.Encode(pair).value()).value(), pair);
      text += pair;
    }
  }
  EXPECT_EQ(tokenizer.DecodeBytes(tokenizer.Encode(text).value()).value(), text);
}

// Time linear in the bytes, or these would not end.
TEST(Tokenizer, HostileTexts) {
  const Tokenizer tokenizer = Trained("gpt2");
  const Tokenizer gpt4 = Trained("gpt4");
  constexpr size_t kBytes = 2'000'000;
  std::vector<std::string> texts = {std::string(10'000'000, 'a'), std::string(10'000'000, ' ')};
  for (const char c : {'\n', '1', '!', '\'', '<', '\x80', '\xE3', '\0'}) texts.emplace_back(kBytes, c);
  for (const std::string unit :
       {" \n", "\t ", "a'", "<|endoftext|", "日", "\xF0\x9F\x98\x80", "\xE2\x80\x83"}) {
    std::string& text = texts.emplace_back();
    while (text.size() < kBytes) text += unit;
  }
  for (const std::string& text : texts) {
    for (const Tokenizer* t : {&tokenizer, &gpt4}) {
      const StatusOr<Ids> ids = t->Encode(text, {.threads = 2});
      ASSERT_TRUE(ids.ok()) << ids.status();
      ASSERT_EQ(t->DecodeBytes(*ids).value(), text);
    }
  }
}

TEST(Tokenizer, ManyThreadsShareOne) {
  const Tokenizer tokenizer = Trained("gpt2");
  const std::string text = Corpus(200'000);
  const Ids expected = tokenizer.Encode(text).value();
  std::vector<std::jthread> threads;
  std::atomic<int> equal = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 3; ++n) equal += tokenizer.Encode(text, {.threads = 1 + n}).value() == expected;
    });
  }
  threads.clear();
  EXPECT_EQ(equal, 12);
}

TEST(Tokenizer, SpecialTokens) {
  BpeTrainerOptions options;
  options.vocab_size = 300;
  options.special_tokens = {"<|endoftext|>", "<|im_start|>"};
  const Tokenizer tokenizer = TrainBpeOnText("some text", options).value();
  EXPECT_EQ(tokenizer.SpecialTokenId("<|im_start|>"), 1u);
  EXPECT_EQ(tokenizer.SpecialTokenId("<|im_end|>"), std::nullopt);
  EXPECT_EQ(tokenizer.eos_id(), 0u);
  EXPECT_EQ(tokenizer.special_ids(), (Ids{0, 1}));
  EXPECT_TRUE(tokenizer.IsSpecial(1));
  EXPECT_FALSE(tokenizer.IsSpecial(2));
  const std::string text = "a<|im_start|>b";
  const Ids ids = tokenizer.Encode(text).value();
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids[1], 1u);
  const Ids as_text = tokenizer.Encode(text, {.special_tokens_as_text = true}).value();
  EXPECT_GT(as_text.size(), 3u);
  EXPECT_EQ(tokenizer.DecodeBytes(as_text).value(), text);
  EXPECT_EQ(tokenizer.Decode(ids, true).value(), "ab");
  EXPECT_EQ(tokenizer.Decode(ids, false).value(), text);
}

TEST(Tokenizer, PlainBytes) {
  const Tokenizer tokenizer = Tokenizer::Load("bytes").value();
  EXPECT_EQ(tokenizer.vocab_size(), 257);
  EXPECT_EQ(tokenizer.eos_id(), 256u);
  EXPECT_EQ(tokenizer.Encode("a\xFF<|endoftext|> b").value(), (Ids{97, 255, 256, 32, 98}));
  Rng rng(13);
  const std::string text = testing::RandomBytes(rng, 100'000);
  const Ids ids = tokenizer.Encode(text).value();
  ASSERT_EQ(ids.size(), text.size());
  for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], static_cast<uint8_t>(text[i]));
  EXPECT_EQ(Tokenizer::FromJson(tokenizer.ToJson())->Encode(text).value(), ids);
  EXPECT_EQ(Tokenizer::PlainBytes({})->vocab_size(), 256);
}

TEST(Tokenizer, DecodingErrors) {
  const Tokenizer tokenizer = Tokenizer::Load("bytes").value();
  EXPECT_EQ(Message(tokenizer.Decode(Ids{97, 257}).status()), "id 257 is not a token: expected 0 to 256");
  EXPECT_FALSE(tokenizer.DecodeBytes(Ids{0xFFFFFFFF}).ok());
  EXPECT_EQ(tokenizer.TokenBytes(1'000'000), "");
  EXPECT_THAT(Message(tokenizer.Encode("a", {.threads = 0}).status()), HasSubstr("threads is 0"));
  EXPECT_THAT(Message(tokenizer.EncodeFiles({"/none"}, {}, nullptr)), HasSubstr("/none"));
}

TEST(Tokenizer, SinkErrorEndsTheRun) {
  const Tokenizer tokenizer = Trained("gpt2");
  const std::string path = ::testing::TempDir() + "/weft_sink.txt";
  ASSERT_TRUE(WriteFileAtomically(path, Corpus(8'000'000)).ok());
  int calls = 0;
  const Status status = tokenizer.EncodeFiles({path}, {.threads = 3}, [&](std::span<const uint32_t>) {
    return ++calls == 2 ? ResourceExhausted("disk is full") : OkStatus();
  });
  EXPECT_EQ(Message(status), "disk is full");
  EXPECT_EQ(calls, 2);
  RunControl control;
  std::atomic<int> polls = 0;
  control.cancelled = [&] { return ++polls > 3; };
  EXPECT_EQ(tokenizer
                .EncodeFiles(
                    {path}, {.threads = 3}, [](auto) { return OkStatus(); }, control)
                .code(),
            absl::StatusCode::kCancelled);
}

TEST(StreamDecoder, HoldsBackWhatIsNotWhole) {
  const Tokenizer bytes = Tokenizer::Load("bytes").value();
  StreamDecoder decoder(bytes);
  const auto push = [&](int byte) { return decoder.Push(static_cast<uint32_t>(byte)).value(); };
  EXPECT_EQ(push('a'), "a");
  EXPECT_EQ(push(0xE6), "");
  EXPECT_EQ(push(0x97), "");
  EXPECT_EQ(push(0xA5), "日");
  EXPECT_EQ(push(0xE6), "");
  EXPECT_EQ(push('b'),
            "\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(push(256), "") << "special";
  EXPECT_EQ(push(0xF0), "");
  EXPECT_EQ(decoder.Finish(), "\xEF\xBF\xBD");
  EXPECT_EQ(decoder.Finish(), "");
  EXPECT_FALSE(decoder.Push(999).ok());
}

TEST(StreamDecoder, PiecesAreTheWhole) {
  const Tokenizer tokenizer = Trained("gpt2", 400);
  Rng rng(14);
  for (int i = 0; i < 300; ++i) {
    const Ids ids = tokenizer.Encode(testing::RandomBytes(rng, 60)).value();
    StreamDecoder decoder(tokenizer, false);
    std::string text;
    for (const uint32_t id : ids) text += decoder.Push(id).value();
    text += decoder.Finish();
    ASSERT_EQ(text, tokenizer.Decode(ids).value());
  }
}

TEST(Tokenizer, Bench) {
  const TokenizerBench bench =
      BenchTokenizer(Corpus(100'000), {.vocab_size = 500, .threads = 2, .runs = 2}).value();
  EXPECT_EQ(bench.vocab_size, 500);
  EXPECT_GT(bench.train_mb_per_s, 0);
  EXPECT_GT(bench.encode_mb_per_s, 0);
  EXPECT_GT(bench.bytes_per_token, 1);
  EXPECT_FALSE(BenchTokenizer("", {}).ok());
}

}  // namespace
}  // namespace weft
