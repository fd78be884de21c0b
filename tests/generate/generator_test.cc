// The stop rules, streaming, several prompts at once.
#include "runtime/generate/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/generate/tiny_model.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;

std::vector<GenerateRequest> Requests(const std::vector<std::string>& prompts,
                                      SamplingSettings sampling = {}) {
  std::vector<GenerateRequest> requests;
  for (const std::string& p : prompts) {
    GenerateRequest r;
    for (const char c : p) r.prompt.push_back(static_cast<uint8_t>(c));
    r.sampling = sampling;
    requests.push_back(std::move(r));
  }
  return requests;
}

std::vector<Generation> Write(const std::vector<GenerateRequest>& requests, const GenerateOptions& options,
                              int64_t at_once = 4, GenerateSummary* summary = nullptr) {
  TinyEngine tiny({.context = 48, .max_sequences = at_once, .use_cache = false});
  StatusOr<std::vector<Generation>> result =
      Generate(*tiny.engine, ByteTokenizer(), requests, options, summary);
  EXPECT_TRUE(result.ok()) << Message(result.status());
  return result.ok() ? *std::move(result) : std::vector<Generation>();
}

std::vector<int64_t> Ids(const Generation& g) {
  std::vector<int64_t> ids;
  for (const GeneratedToken& t : g.tokens) ids.push_back(t.id);
  return ids;
}

TEST(GeneratorTest, EndsAtMaxTokens) {
  GenerateSummary summary;
  const std::vector<Generation> g = Write(Requests({"ab"}), {.max_tokens = 5}, 1, &summary);
  ASSERT_EQ(g.size(), 1U);
  EXPECT_EQ(g[0].tokens.size(), 5U);
  EXPECT_EQ(g[0].reason, StopReason::kMaxTokens);
  for (const GeneratedToken& t : g[0].tokens) EXPECT_LE(t.logprob, 0);
  EXPECT_EQ(summary.prompt_tokens, 2);
  EXPECT_EQ(summary.new_tokens, 5);
  EXPECT_EQ(summary.decoded_tokens, 4);
}

TEST(GeneratorTest, EndsWithTheContext) {
  const std::vector<Generation> g = Write(Requests({"abcdefgh"}), {});
  ASSERT_EQ(g.size(), 1U);
  EXPECT_EQ(g[0].tokens.size(), 40U);
  EXPECT_EQ(g[0].reason, StopReason::kContext);
}

TEST(GeneratorTest, EndsAtTheEndToken) {
  const std::vector<Generation> free = Write(Requests({"ab"}), {.max_tokens = 12});
  ASSERT_EQ(free.size(), 1U);
  const std::vector<int64_t> ids = Ids(free[0]);
  const int64_t end = ids[7];
  const size_t first = static_cast<size_t>(std::find(ids.begin(), ids.end(), end) - ids.begin());
  const std::vector<Generation> g = Write(Requests({"ab"}), {.max_tokens = 12, .end_token = end});
  EXPECT_EQ(g[0].reason, StopReason::kEndToken);
  EXPECT_EQ(g[0].tokens.size(), first + 1);
}

TEST(GeneratorTest, EndsAtAStopStringThatSpansTokens) {
  const std::vector<Generation> free = Write(Requests({"ab"}), {.max_tokens = 30});
  ASSERT_EQ(free.size(), 1U);
  const std::string& text = free[0].text;
  ASSERT_GT(text.size(), 12U);
  const std::string stop = text.substr(6, 5);  // bytes are tokens: this one spans several
  std::string streamed;
  GenerateOptions options{.max_tokens = 30, .stops = {"never there", stop}};
  options.on_text = [&](size_t, std::string_view piece) { streamed += piece; };
  const std::vector<Generation> g = Write(Requests({"ab"}), options);
  EXPECT_EQ(g[0].reason, StopReason::kStopString);
  EXPECT_EQ(g[0].text, text.substr(0, text.find(stop)));
  EXPECT_EQ(streamed, g[0].text);
}

TEST(GeneratorTest, StreamsWhatItReturns) {
  std::vector<std::string> streamed(3);
  size_t done = 0;
  GenerateOptions options{.max_tokens = 20};
  options.on_text = [&](size_t request, std::string_view piece) { streamed[request] += piece; };
  options.on_done = [&](size_t request, const Generation& g) {
    EXPECT_EQ(streamed[request], g.text);
    ++done;
  };
  const std::vector<Generation> g = Write(Requests({"one", "two", "three"}), options, 2);
  ASSERT_EQ(g.size(), 3U);
  EXPECT_EQ(done, 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(streamed[i], g[i].text);
}

TEST(GeneratorTest, ATextDependsOnItsOwnPromptOnly) {
  const GenerateOptions options{.max_tokens = 16};
  const std::vector<std::string> prompts = {"one", "a longer second", "3", "four"};
  for (const SamplingSettings& sampling : {SamplingSettings{.temperature = 0}, SamplingSettings{.seed = 9}}) {
    for (const int64_t at_once : {1, 3, 4}) {
      const std::vector<Generation> all = Write(Requests(prompts, sampling), options, at_once);
      ASSERT_EQ(all.size(), 4U);
      for (size_t i = 0; i < prompts.size(); ++i) {
        EXPECT_EQ(Ids(all[i]), Ids(Write(Requests({prompts[i]}, sampling), options)[0]))
            << prompts[i] << " " << at_once;
      }
    }
  }
}

TEST(GeneratorTest, PromptsAreEncodedOrRefused) {
  const Tokenizer bytes = ByteTokenizer();
  const auto ids = EncodePrompt(bytes, "AB", 8);
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(*ids, (std::vector<int64_t>{65, 66}));
  const auto empty = EncodePrompt(bytes, "", 8);
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(*empty, (std::vector<int64_t>{256}));
  EXPECT_TRUE(EncodePrompt(bytes, "1234567", 8).ok());
  const auto full = EncodePrompt(bytes, "12345678", 8);
  EXPECT_THAT(Message(full.status()), HasSubstr("the prompt has 8 tokens, the model's context is 8"));
  const auto plain = Tokenizer::PlainBytes(std::vector<std::string>());
  ASSERT_TRUE(plain.ok());
  EXPECT_THAT(Message(EncodePrompt(*plain, "", 8).status()), HasSubstr("no end-of-text token"));
}

TEST(GeneratorTest, SamplingSettingsOutOfRangeAreNamed) {
  EXPECT_TRUE(Check(SamplingSettings{}).ok());
  EXPECT_THAT(Message(Check({.temperature = -1})), HasSubstr("--temperature is -1"));
  EXPECT_THAT(Message(Check({.top_k = -2})), HasSubstr("--top-k is -2"));
  EXPECT_THAT(Message(Check({.top_p = 0})), HasSubstr("--top-p is 0"));
  EXPECT_THAT(Message(Check({.min_p = 1.5})), HasSubstr("--min-p is 1.5"));
  EXPECT_THAT(Message(Check({.repetition_penalty = 0})), HasSubstr("--repetition-penalty is 0"));
}

}  // namespace
}  // namespace weft::test
