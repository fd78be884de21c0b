#include "runtime/generate/text_loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "frontends/models/transformer.h"
#include "tests/generate/tiny_model.h"

namespace weft::test {
namespace {

std::vector<uint32_t> Numbers(size_t n) {
  std::vector<uint32_t> v;
  for (size_t i = 0; i < n; ++i) v.push_back(static_cast<uint32_t>((i * i * 7 + i * 3) % 257));
  return v;
}

StatusOr<TextLoss> Measure(std::span<const uint32_t> tokens, int64_t context) {
  WEFT_ASSIGN_OR_RETURN(Graph model, BuildTransformer(TinyConfig(), false));
  Session session;
  InitRandom(model, 7, &session);
  const CpuTarget target({1, false});
  return MeasureTextLoss(std::move(model), &session, target, tokens, context);
}

TEST(TextLossTest, WindowsDoNotOverlapAndAskForEachTokenOnce) {
  const std::vector<uint32_t> tokens = Numbers(100);
  const StatusOr<TextLoss> loss = Measure(tokens, 48);
  ASSERT_TRUE(loss.ok()) << Message(loss.status());
  EXPECT_EQ(loss->num_tokens, 99);
  EXPECT_EQ(loss->num_windows, 3);
  // The same windows one by one.
  double nats = 0;
  for (size_t begin = 0; begin + 1 < tokens.size(); begin += 48) {
    const size_t n = std::min<size_t>(49, tokens.size() - begin);
    const StatusOr<TextLoss> part = Measure(std::span(tokens).subspan(begin, n), 48);
    ASSERT_TRUE(part.ok());
    nats += part->nats;
  }
  EXPECT_NEAR(loss->nats, nats, 1e-4 * nats);
}

// What generation says of its own tokens is what evaluation says of them.
TEST(TextLossTest, AgreesWithTheLogprobsOfGeneration) {
  TinyEngine tiny({.context = 48, .max_sequences = 1, .use_cache = true});
  Sequence s;
  s.tokens = {65};
  std::vector<uint32_t> tokens = {65};
  double nats = 0;
  for (int i = 0; i < 20; ++i) {
    Sequence* const all[] = {&s};
    ASSERT_TRUE(tiny.engine->Next(all).ok());
    s.tokens.push_back(s.next);
    tokens.push_back(static_cast<uint32_t>(s.next));
    nats -= static_cast<double>(s.logprob);
  }
  const StatusOr<TextLoss> loss = Measure(tokens, 48);
  ASSERT_TRUE(loss.ok());
  EXPECT_NEAR(loss->nats, nats, 1e-4 * nats);
}

TEST(TextLossTest, TooShortATextIsRefused) {
  EXPECT_THAT(Message(Measure(Numbers(1), 48).status()), ::testing::HasSubstr("expected 2 or more"));
  EXPECT_TRUE(Measure(Numbers(2), 48).ok());
}

}  // namespace
}  // namespace weft::test
