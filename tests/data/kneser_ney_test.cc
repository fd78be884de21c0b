#include "frontends/data/kneser_ney.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/philox.h"

namespace weft {
namespace {

using testing::HasSubstr;
using Tokens = std::vector<uint32_t>;

KneserNey Train(const Tokens& tokens, int64_t vocabulary, int order) {
  KneserNey::Options options;
  options.order = order;
  StatusOr<KneserNey> model = KneserNey::Train(tokens, vocabulary, options);
  EXPECT_TRUE(model.ok()) << Message(model.status());
  return *std::move(model);
}

// a b a b c, bigrams. Too little data for the formula of discounts: 0.5, 1, 1.5.
//   1-grams by what precedes: a: {start, b} = 2, b: {a} = 1, c: {b} = 1; total 4
//   P(a) = (2 - 1)/4 + g/5, P(b) = P(c) = (1 - 0.5)/4 + g/5, others g/5, with g = (2 * 0.5 + 1 * 1)/4 = 0.5
//   2-grams: ab 2, ba 1, bc 1. After b: total 2, g = 2 * 0.5 / 2 = 0.5; after a: total 2, g = 1 * 1 / 2 = 0.5
TEST(KneserNey, ByHand) {
  const KneserNey model = Train({0, 1, 0, 1, 2}, 5, 2);
  const double pa = 0.25 + 0.1, pb = 0.125 + 0.1, other = 0.1;
  EXPECT_NEAR(model.Probability({}, 0), pa, 1e-15);
  EXPECT_NEAR(model.Probability({}, 1), pb, 1e-15);
  EXPECT_NEAR(model.Probability({}, 2), pb, 1e-15);
  EXPECT_NEAR(model.Probability({}, 4), other, 1e-15);
  const Tokens a = {0}, b = {1}, c = {2}, d = {3};
  EXPECT_NEAR(model.Probability(a, 1), (2 - 1.0) / 2 + 0.5 * pb, 1e-15);
  EXPECT_NEAR(model.Probability(b, 0), (1 - 0.5) / 2 + 0.5 * pa, 1e-15);
  EXPECT_NEAR(model.Probability(b, 2), (1 - 0.5) / 2 + 0.5 * pb, 1e-15);
  EXPECT_NEAR(model.Probability(b, 4), 0.5 * other, 1e-15);
  EXPECT_NEAR(model.Probability(c, 0), pa, 1e-15);  // c is never followed, d never seen: all from below
  EXPECT_NEAR(model.Probability(d, 0), pa, 1e-15);
  const Tokens text = {1, 2, 0};
  EXPECT_NEAR(*model.Nats(text, 1), -std::log(0.25 + 0.5 * pb) - std::log(pa), 1e-12);
}

// The same model from its definition: maps of n-grams, recursion.
class Plain {
 public:
  Plain(const Tokens& tokens, int64_t vocabulary, int order) : vocabulary_(vocabulary), counts_(order + 1) {
    for (int k = 1; k <= order; ++k) {
      std::map<Tokens, std::set<int64_t>> left;
      for (size_t i = 0; i + k <= tokens.size(); ++i) {
        const Tokens gram(tokens.begin() + i, tokens.begin() + i + k);
        if (k == order) ++counts_[k][gram];
        left[gram].insert(i == 0 ? -1 : tokens[i - 1]);
      }
      if (k == order) continue;
      for (const auto& [gram, before] : left) counts_[k][gram] = static_cast<int>(before.size());
    }
  }
  double P(Tokens context, uint32_t token) const {
    const int k = static_cast<int>(context.size()) + 1;
    const Tokens shorter(context.empty() ? context.begin() : context.begin() + 1, context.end());
    const double below = context.empty() ? 1.0 / static_cast<double>(vocabulary_) : P(shorter, token);
    std::array<double, 5> n = {};
    for (const auto& [gram, count] : counts_[k]) n[count <= 4 ? count : 0] += 1;
    std::array<double, 4> d = {0, 0.5, 1, 1.5};
    if (n[1] * n[2] * n[3] > 0) {
      const double y = n[1] / (n[1] + 2 * n[2]);
      const std::array<double, 4> e = {0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2],
                                       3 - 4 * y * n[4] / n[3]};
      if (e[1] > 0 && e[2] > 0 && e[3] > 0) d = e;
    }
    double total = 0, mass = 0, count = 0;
    for (const auto& [gram, c] : counts_[k]) {
      if (!std::equal(context.begin(), context.end(), gram.begin())) continue;
      total += c;
      mass += d[std::min(c, 3)];
      if (gram.back() == token) count = c;
    }
    if (total == 0) return below;
    return std::max(count - d[std::min<int>(count, 3)], 0.0) / total + mass / total * below;
  }

 private:
  int64_t vocabulary_;
  std::vector<std::map<Tokens, int>> counts_;
};

Tokens Random(size_t n, uint32_t vocabulary, uint64_t seed) {
  Tokens tokens(n);
  for (size_t i = 0; i < n; ++i) {
    // Skewed, and dependent on the token before.
    const uint32_t word = RandomWord({seed, 0, 0}, i);
    tokens[i] = (word % vocabulary) * (word >> 16) % 3 % vocabulary;
    if (i > 0 && word >> 30 != 0) tokens[i] = (tokens[i - 1] * 5 + word % 3) % vocabulary;
  }
  return tokens;
}

TEST(KneserNey, EqualsItsDefinition) {
  for (const int order : {1, 2, 3, 5}) {
    const Tokens tokens = Random(300, 7, static_cast<uint64_t>(order));
    const KneserNey model = Train(tokens, 9, order);
    const Plain plain(tokens, 9, order);
    for (size_t i = 0; i < 60; ++i) {
      const Tokens text = Random(6, 9, 100 + i);
      const Tokens context(text.begin(),
                           text.begin() + static_cast<ptrdiff_t>(i % static_cast<size_t>(order)));
      EXPECT_NEAR(model.Probability(context, text[5]), plain.P(context, text[5]), 1e-12) << "order " << order;
    }
  }
}

TEST(KneserNey, ProbabilitiesSumToOne) {
  const Tokens tokens = Random(2000, 12, 3);
  const KneserNey model = Train(tokens, 20, 5);
  EXPECT_EQ(model.order(), 5);
  EXPECT_EQ(model.num_ngrams(1),
            static_cast<int64_t>(std::set<uint32_t>(tokens.begin(), tokens.end()).size()));
  for (size_t i = 0; i < 200; ++i) {
    // Contexts from the data, its very end, and ones never seen.
    Tokens context(tokens.begin() + static_cast<ptrdiff_t>(i * 9),
                   tokens.begin() + static_cast<ptrdiff_t>(i * 9 + i % 5));
    if (i == 7) context.assign(tokens.end() - 4, tokens.end());
    if (i % 3 == 1) context = Random(4, 20, i);
    double sum = 0;
    for (uint32_t w = 0; w < 20; ++w) {
      const double p = model.Probability(context, w);
      EXPECT_GT(p, 0);
      sum += p;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST(KneserNey, SameNatsForAnyNumberOfThreads) {
  const Tokens tokens = Random(30'000, 50, 1), text = Random(20'000, 50, 2);
  const KneserNey model = Train(tokens, 50, 5);
  const double one = *model.Nats(text, 1);
  EXPECT_EQ(one, *model.Nats(text, 4));
  double sum = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const size_t length = std::min<size_t>(i, 4);
    sum -= std::log(model.Probability(std::span(text).subspan(i - length, length), text[i]));
  }
  EXPECT_NEAR(one, sum, 1e-6);
  EXPECT_EQ(*model.Nats(Tokens{3}, 2), 0);  // nothing to predict
}

TEST(KneserNey, LearnsWhatIsThere) {
  // 0 1 2 3 4 0 1 2 ...: after a few tokens all is certain.
  Tokens tokens(5000);
  for (size_t i = 0; i < tokens.size(); ++i) tokens[i] = i % 5;
  const KneserNey model = Train(tokens, 5, 5);
  EXPECT_LT(*model.Nats(tokens, 1) / 5000, 0.01);
}

TEST(KneserNey, Refusals) {
  const auto error = [](const Tokens& tokens, int64_t vocabulary, int order, int64_t memory = 1 << 20) {
    KneserNey::Options options{order, memory};
    const auto model = KneserNey::Train(tokens, vocabulary, options);
    return model.ok() ? "trained" : Message(model.status());
  };
  EXPECT_THAT(error({}, 5, 5), HasSubstr("at least one token"));
  EXPECT_THAT(error({1}, 5, 0), HasSubstr("order is 0, expected 1 to 8"));
  EXPECT_THAT(error({1, 7}, 5, 5), HasSubstr("token 1 is 7, expected less than the vocabulary size 5"));
  EXPECT_THAT(error({1}, 0, 5), HasSubstr("vocabulary size is 0"));
  EXPECT_THAT(error(Random(1000, 5, 1), 5, 5, 4000), HasSubstr("1000 tokens needs more than"));
  EXPECT_THAT(error(Random(1000, 5, 1), 5, 5, 9000), HasSubstr("1000 tokens needs"));
  EXPECT_THAT(error({1}, 5, 5), HasSubstr("trained"));
  EXPECT_FALSE(Train({1, 2}, 5, 3).Nats(Tokens{9}, 1).ok());
}

}  // namespace
}  // namespace weft
