#include "base/suggest.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace weft {
namespace {

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(EditDistance("", "", 5), 0);
  EXPECT_EQ(EditDistance("", "abc", 5), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting", 5), 3);
  EXPECT_EQ(EditDistance("ab", "ba", 5), 1);   // a swap
  EXPECT_EQ(EditDistance("ca", "abc", 5), 3);  // no part is edited twice
  EXPECT_EQ(EditDistance("batch_size", "Batch-Size", 5), 0);
  EXPECT_EQ(EditDistance("abcdef", "uvwxyz", 2), 3);  // stopped
  EXPECT_EQ(EditDistance("a", "abcdef", 2), 3);
}

// The definition by recursion, without memory or limit.
int Slow(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return static_cast<int>(a.size() + b.size());
  const auto cut = [](std::string_view s, size_t n) { return s.substr(0, s.size() - n); };
  int best = std::min(Slow(cut(a, 1), b), Slow(a, cut(b, 1))) + 1;
  best = std::min(best, Slow(cut(a, 1), cut(b, 1)) + (a.back() == b.back() ? 0 : 1));
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && a[a.size() - 2] == b.back()) {
    best = std::min(best, Slow(cut(a, 2), cut(b, 2)) + 1);
  }
  return best;
}

TEST(EditDistance, AgreesWithTheDefinition) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string a(random() % 7, 'a'), b(random() % 7, 'a');
    for (char& c : a) c = static_cast<char>('a' + random() % 3);
    for (char& c : b) c = static_cast<char>('a' + random() % 3);
    const int distance = Slow(a, b);
    for (int limit = 0; limit < 8; ++limit) {
      EXPECT_EQ(EditDistance(a, b, limit), std::min(distance, limit + 1)) << a << " " << b << " " << limit;
    }
  }
}

TEST(ClosestMatch, SuggestsOnlyLikelyNames) {
  const std::vector<std::string_view> flags = {"--steps", "--seed", "--save-every", "--batch-size"};
  EXPECT_EQ(ClosestMatch("--stpes", flags), "--steps");
  EXPECT_EQ(ClosestMatch("--batch_size", flags), "--batch-size");
  EXPECT_EQ(ClosestMatch("--batchsize", flags), "--batch-size");
  EXPECT_EQ(ClosestMatch("--learning-rate", flags), "");
  EXPECT_EQ(ClosestMatch("", flags), "");
  EXPECT_EQ(ClosestMatch(std::string(100000, 'x'), flags), "");
  const std::vector<std::string_view> short_names = {"q", "k"};
  EXPECT_EQ(ClosestMatch("x", short_names), "");  // nothing in common
  const std::vector<std::string_view> ties = {"Add", "And"};
  EXPECT_EQ(ClosestMatch("Axd", ties), "Add");  // the first
}

TEST(ClosestMatch, DidYouMeanIsAnEnding) {
  const std::vector<std::string> names = {"RMSNormalization"};
  EXPECT_EQ(DidYouMean("RmsNormalisation", names), "; did you mean 'RMSNormalization'?");
  EXPECT_EQ(DidYouMean("Conv", names), "");
  EXPECT_EQ(DidYouMean("Conv", std::vector<std::string>{}), "");
}

}  // namespace
}  // namespace weft
