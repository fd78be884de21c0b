// What a sequence gets depends on its tokens and settings only: not on the cache, its neighbours, or the size
// of the chunks its prompt came in.
#include "runtime/generate/engine.h"

#include <gtest/gtest.h>

#include "tests/executor/count_allocations.h"
#include "tests/generate/tiny_model.h"

namespace weft::test {
namespace {

Sequence Prompt(std::vector<int64_t> tokens, SamplingSettings sampling = {.temperature = 0}) {
  Sequence s;
  s.tokens = std::move(tokens);
  s.sampling = sampling;
  return s;
}

std::vector<int64_t> Numbers(int64_t n, int64_t seed) {
  std::vector<int64_t> v;
  for (int64_t i = 0; i < n; ++i) v.push_back((seed + i * i * 7 + i * 31) % 256);
  return v;
}

// Appends n tokens to each.
void Continue(Engine& engine, std::vector<Sequence*> sequences, int n) {
  for (int i = 0; i < n; ++i) {
    const Status status = engine.Next(sequences);
    ASSERT_TRUE(status.ok()) << Message(status);
    for (Sequence* s : sequences) s->tokens.push_back(s->next);
  }
}

std::vector<int64_t> Alone(const EngineOptions& options, Sequence s, int n, int threads = 1) {
  TinyEngine tiny(options, TinyConfig(), threads);
  Continue(*tiny.engine, {&s}, n);
  return s.tokens;
}

class EngineTest : public ::testing::TestWithParam<bool> {
 protected:
  EngineOptions Options(int64_t sequences) const {
    return {.context = 48, .max_sequences = sequences, .use_cache = GetParam()};
  }
};
INSTANTIATE_TEST_SUITE_P(Cache, EngineTest, ::testing::Bool());

TEST_P(EngineTest, ABatchGetsWhatEachGetsAlone) {
  Sequence a = Prompt(Numbers(1, 3)), b = Prompt(Numbers(17, 5)), c = Prompt(Numbers(30, 9), {.seed = 4});
  const std::vector<int64_t> alone[] = {Alone(Options(1), a, 12), Alone(Options(1), b, 12),
                                        Alone(Options(1), c, 12)};
  TinyEngine tiny(Options(3));
  Continue(*tiny.engine, {&a, &b, &c}, 12);
  EXPECT_EQ(a.tokens, alone[0]);
  EXPECT_EQ(b.tokens, alone[1]);
  EXPECT_EQ(c.tokens, alone[2]);
}

TEST_P(EngineTest, SeedsDrawTheSameAgainAndDifferFromEachOther) {
  const auto with_seed = [&](int64_t seed) {
    return Alone(Options(1), Prompt({1, 2, 3}, {.seed = seed}), 20);
  };
  EXPECT_EQ(with_seed(1), with_seed(1));
  EXPECT_NE(with_seed(1), with_seed(2));
}

TEST_P(EngineTest, SettingsAreObeyed) {
  const std::vector<int64_t> best = Alone(Options(1), Prompt({5, 6}), 10);
  EXPECT_EQ(Alone(Options(1), Prompt({5, 6}, {.top_k = 1}), 10), best);
  EXPECT_EQ(Alone(Options(1), Prompt({5, 6}, {.top_p = 1e-6}), 10), best);
  EXPECT_EQ(Alone(Options(1), Prompt({5, 6}, {.min_p = 1}), 10), best);
  EXPECT_NE(Alone(Options(1), Prompt({5, 6}, {.temperature = 3}), 10), best);
}

TEST_P(EngineTest, APenaltyFallsOnTheTokensThereAre) {
  EngineOptions options = Options(1);
  options.penalties = true;
  const auto run = [&](double penalty) {
    return Alone(options, Prompt({5, 6}, {.temperature = 0, .repetition_penalty = penalty}), 30);
  };
  EXPECT_EQ(run(1), Alone(Options(1), Prompt({5, 6}), 30));
  std::vector<int64_t> tokens = run(1e9);  // no token twice while others have a logit above 0
  tokens.erase(tokens.begin(), tokens.begin() + 2);
  std::sort(tokens.begin(), tokens.end());
  EXPECT_EQ(std::unique(tokens.begin(), tokens.end()), tokens.end());
}

TEST_P(EngineTest, TheLastPlaceOfTheContextIsUsed) {
  Sequence s = Prompt(Numbers(47, 2));
  TinyEngine tiny(Options(1));
  Continue(*tiny.engine, {&s}, 1);
  ASSERT_EQ(s.tokens.size(), 48U);
  Continue(*tiny.engine, {&s}, 1);
  EXPECT_GE(s.next, 0);
}

TEST_P(EngineTest, ThreadsDoNotChangeTheBestTokens) {
  EXPECT_EQ(Alone(Options(1), Prompt(Numbers(20, 1)), 10, 1),
            Alone(Options(1), Prompt(Numbers(20, 1)), 10, 2));
}

TEST(EngineCacheTest, TheSameTokensWithAndWithoutTheCache) {
  for (const int64_t n : {1, 2, 15, 16, 17, 33, 40}) {
    const EngineOptions with{.context = 48, .max_sequences = 2, .use_cache = true};
    const EngineOptions without{.context = 48, .max_sequences = 2, .use_cache = false};
    EXPECT_EQ(Alone(with, Prompt(Numbers(n, 11)), 8), Alone(without, Prompt(Numbers(n, 11)), 8)) << n;
  }
}

TEST_P(EngineTest, NothingOfOursAllocatesWhileTokensAreWritten) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  EngineOptions options = Options(2);
  options.penalties = true;
  TinyEngine tiny(options, TinyConfig(), 2);
  Sequence a = Prompt(Numbers(17, 3), {.top_k = 5, .top_p = 0.9, .min_p = 0.01, .repetition_penalty = 1.1});
  Sequence b = Prompt(Numbers(20, 5));
  std::vector<Sequence*> both = {&a, &b};
  for (Sequence* s : both) s->tokens.reserve(48);
  Continue(*tiny.engine, both, 4);  // prompts read, programs compiled
  StartCountingAllocations();
  Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) {
    status = tiny.engine->Next(both);
    for (Sequence* s : both) s->tokens.push_back(s->next);
  }
  const Allocations seen = StopCountingAllocations();
  ASSERT_TRUE(status.ok()) << Message(status);
  EXPECT_EQ(seen.ours, 0) << seen.first_of_ours;
}

TEST(EngineCacheTest, APageGivenBackIsAsNew) {
  TinyEngine tiny({.context = 48, .max_sequences = 1, .use_cache = true});
  const auto write = [&] {
    Sequence s = Prompt({8, 9, 10});
    Continue(*tiny.engine, {&s}, 6);
    tiny.engine->Release(s);
    return s.tokens;
  };
  const std::vector<int64_t> first = write();
  Sequence other = Prompt(Numbers(40, 77));
  Continue(*tiny.engine, {&other}, 4);
  tiny.engine->Release(other);
  EXPECT_EQ(write(), first);
}

}  // namespace
}  // namespace weft::test
