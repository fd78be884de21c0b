// Greedy text is the same with and without the cache, alone or in a batch.
//
// Where a library's product gives a row other bits depending on how many rows there are (oneDNN on AVX2), two
// texts may part, but only at a place where the two best logits are all but equal; such a place is printed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/generate/tiny_model.h"

namespace weft::test {
namespace {

constexpr int kNewTokens = 48;
constexpr float kTie = 1e-4f;

TransformerConfig Config() {
  TransformerConfig c;
  c.vocab_size = 300;
  c.context_length = 160;
  c.d_model = 128;
  c.num_layers = 2;
  c.num_heads = 4;
  c.num_kv_heads = 2;
  c.d_ff = 344;
  const Status status = c.Complete();
  EXPECT_TRUE(status.ok()) << Message(status);
  return c;
}

// A sequence, and for each new token the logarithm of its probability.
struct Text {
  Sequence sequence;
  std::vector<float> logprobs;
};

std::vector<Text> Prompts() {
  std::vector<Text> texts;
  for (const int64_t length : {1, 2, 5, 16, 17, 40, 64, 100}) {
    Text t;
    for (int64_t i = 0; i < length; ++i)
      t.sequence.tokens.push_back((length * 37 + i * i * 11 + i * 5) % 300);
    t.sequence.sampling = {.temperature = 0};
    texts.push_back(std::move(t));
  }
  return texts;
}

void Continue(Engine& engine, std::span<Text> texts) {
  std::vector<Sequence*> sequences;
  for (Text& t : texts) sequences.push_back(&t.sequence);
  for (int i = 0; i < kNewTokens; ++i) {
    const Status status = engine.Next(sequences);
    ASSERT_TRUE(status.ok()) << Message(status);
    for (Text& t : texts) {
      t.sequence.tokens.push_back(t.sequence.next);
      t.logprobs.push_back(t.sequence.logprob);
    }
  }
}

// All prompts, `at_once` together.
std::vector<Text> Written(bool use_cache, size_t at_once) {
  std::vector<Text> texts = Prompts();
  TinyEngine tiny({.context = 160, .max_sequences = static_cast<int64_t>(at_once), .use_cache = use_cache},
                  Config());
  for (size_t first = 0; first < texts.size(); first += at_once) {
    const std::span<Text> here = std::span(texts).subspan(first, std::min(at_once, texts.size() - first));
    Continue(*tiny.engine, here);
    for (Text& t : here) tiny.engine->Release(t.sequence);
  }
  return texts;
}

// The same tokens up to a tie. The two best logits at the tie: both runs have the same prefix there, so that
// the difference of the two logarithms is that of the logits but for rounding.
void ExpectSameUpToATie(const Text& expected, const Text& got, const std::string& what) {
  const std::vector<int64_t>&a = expected.sequence.tokens, &b = got.sequence.tokens;
  ASSERT_EQ(a.size(), b.size()) << what;
  const auto parted = std::mismatch(a.begin(), a.end(), b.begin()).first;
  if (parted == a.end()) return;
  const auto at = static_cast<size_t>(parted - a.begin());
  ASSERT_GE(at + kNewTokens, a.size()) << what << ": the prompt itself differs";
  const size_t i = at + kNewTokens - a.size();
  const float gap = std::abs(expected.logprobs[i] - got.logprobs[i]);
  fmt::print("{}: texts part after {} new tokens, the two best logits {:.1e} apart\n", what, i, gap);
  EXPECT_LE(gap, kTie) << what;
}

TEST(GreedyTest, TheSameTextWithAndWithoutTheCacheAloneAndInABatch) {
  const std::vector<Text> expected = Written(/*use_cache=*/true, 1);
  for (const bool use_cache : {true, false}) {
    for (const size_t at_once : {1, 3, 8}) {
      const std::vector<Text> got = Written(use_cache, at_once);
      for (size_t i = 0; i < expected.size(); ++i) {
        ExpectSameUpToATie(
            expected[i], got[i],
            fmt::format("prompt {}, {} at once, {} cache", i, at_once, use_cache ? "with" : "no"));
      }
    }
  }
}

}  // namespace
}  // namespace weft::test
