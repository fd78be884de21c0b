#include "base/philox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace weft {
namespace {

using testing::ElementsAre;

// The known answers that Random123 publishes for philox4x32-10.
TEST(Philox, KnownAnswers) {
  EXPECT_THAT(Philox4x32({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr uint32_t kAll = 0xffffffff;
  EXPECT_THAT(Philox4x32({kAll, kAll, kAll, kAll}, {kAll, kAll}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

static_assert(RandomWord({}, 0) == 0x6627e8d5 && RandomWord({}, 3) == 0x9b00dbd8, "usable at compile time");

TEST(Philox, TheKeyAndCounterAreAsWritten) {
  const RandomKey key{.seed = 0x299f31d0a4093822, .step = 0x13198a2e, .stream = 0x03707344};
  EXPECT_THAT(RandomBlock(key, 0x85a308d3243f6a88),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(RandomWord(key, 4000000000000 + i), RandomBlock(key, 1000000000000)[i]);
}

TEST(Philox, FillsAreTheSameHoweverTheyAreCut) {
  const RandomKey key{.seed = 42, .step = 7, .stream = 3};
  const uint64_t first = (uint64_t{1} << 34) - 11;  // blocks cross 32 bits
  std::vector<uint32_t> whole(100);
  FillRandomWords(key, first, whole);
  for (size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(whole[i], RandomWord(key, first + i));
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    std::vector<uint32_t> parts(whole.size());
    FillRandomWords(key, first, std::span(parts).first(cut));
    FillRandomWords(key, first + cut, std::span(parts).subspan(cut));
    ASSERT_EQ(parts, whole) << cut;
  }
}

TEST(Philox, EveryPartOfTheKeyMatters) {
  const RandomKey key{.seed = 42, .step = 7, .stream = 3};
  const uint32_t word = RandomWord(key, 0);
  for (int bit = 0; bit < 64; ++bit) {
    RandomKey other = key;
    other.seed ^= uint64_t{1} << bit;
    EXPECT_NE(RandomWord(other, 0), word);
  }
  EXPECT_NE(RandomWord({42, 8, 3}, 0), word);
  EXPECT_NE(RandomWord({42, 7, 4}, 0), word);
  EXPECT_NE(RandomWord({42, 3, 7}, 0), word);
}

TEST(Philox, UniformsFillTheUnitInterval) {
  EXPECT_EQ(UniformFloat(0), 0.0F);
  EXPECT_EQ(UniformFloat(0xff), 0.0F);
  EXPECT_EQ(UniformFloat(0x100), 0x1p-24F);
  EXPECT_EQ(UniformFloat(0xffffffff), 1.0F - 0x1p-24F);
  constexpr int kDraws = 1 << 20;
  std::vector<uint32_t> words(kDraws);
  FillRandomWords({.seed = 1}, 0, words);
  std::vector<int> bins(256);
  double sum = 0, products = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = UniformFloat(words[i]);
    ++bins[static_cast<int>(u * 256)];
    sum += u;
    products += (u - 0.5) * (UniformFloat(words[(i + 1) % kDraws]) - 0.5);
  }
  double chi_square = 0;
  for (const int n : bins) chi_square += std::pow(n - kDraws / 256.0, 2) / (kDraws / 256.0);
  EXPECT_LT(chi_square, 350);  // 255 degrees of freedom: mean 255, deviation 22.6
  EXPECT_GT(chi_square, 170);
  EXPECT_NEAR(sum / kDraws, 0.5, 4 * 0.2887 / 1024);
  EXPECT_NEAR(products / kDraws, 0, 4 / 12.0 / 1024);  // neighbours are uncorrelated
}

}  // namespace
}  // namespace weft
