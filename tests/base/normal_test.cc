#include "base/normal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/philox.h"

namespace weft {
namespace {

double UpperTail(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }
double Density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * M_PI); }

// The quantile's error to first order, from the exact tail of the value found: (tail(x) - p) / density(x).
double QuantileError(double q) {
  const double x = std::abs(NormalQuantile(q));
  return (UpperTail(x) - (0.5 - std::abs(q))) / Density(x);
}

TEST(Normal, QuantileIsExactTo1e10OverAllWords) {
  double worst = 0;
  for (int64_t w = 0; w < (int64_t{1} << 32); w += 40503) {
    worst = std::max(worst, std::abs(QuantileError(CenteredUniform(static_cast<uint32_t>(w)))));
  }
  for (int bit = 0; bit < 31; ++bit) {  // tails of every size
    for (uint32_t k = 0; k < 1000; ++k) {
      worst = std::max(worst, std::abs(QuantileError(CenteredUniform((1U << bit) + k))));
    }
  }
  for (int k = -1000; k < 1000; ++k) worst = std::max(worst, std::abs(QuantileError(0.425 + k * 1e-9)));
  EXPECT_LT(worst, 2e-10);
}

TEST(Normal, KnownQuantiles) {
  EXPECT_NEAR(NormalQuantile(0.475), 1.959963984540054, 2e-10);
  EXPECT_NEAR(NormalQuantile(0.25), 0.6744897501960817, 2e-10);
  EXPECT_NEAR(NormalQuantile(0.49), 2.3263478740408408, 2e-10);
  EXPECT_NEAR(NormalQuantile(0.499), 3.090232306167813, 2e-10);
  EXPECT_NEAR(NormalQuantile(-0.4999), -3.719016485455709, 2e-10);
  EXPECT_EQ(NormalQuantile(0), 0);
}

TEST(Normal, IsSymmetricToTheBitAndMonotonic) {
  for (int64_t w = 0; w < (int64_t{1} << 31); w += 99991) {
    const auto word = static_cast<uint32_t>(w);
    ASSERT_EQ(NormalFloat(word), -NormalFloat(~word));
  }
  double before = -10;
  for (int64_t w = 0; w < (int64_t{1} << 32); w += 65537) {
    const double x = NormalDouble(static_cast<uint32_t>(w));
    ASSERT_GT(x, before);
    before = x;
  }
}

TEST(Normal, ExtremesOfTheWord) {
  EXPECT_EQ(CenteredUniform(0), -0.5 + 0x1p-33);
  EXPECT_EQ(CenteredUniform(0xffffffff), 0.5 - 0x1p-33);
  EXPECT_EQ(CenteredUniform(0x80000000), 0x1p-33);
  EXPECT_NEAR(UpperTail(NormalFloat(0xffffffff)) * 0x1p33, 1, 1e-5);
  EXPECT_NEAR(NormalFloat(0), -6.3378, 1e-3);
}

// These bits are part of what weft promises: the same on every machine.
TEST(Normal, TheSameBitsEverywhere) {
  uint64_t sum = 0;
  for (int64_t w = 0; w < (int64_t{1} << 32); w += 65521) {
    sum = sum * 31 + std::bit_cast<uint32_t>(NormalFloat(static_cast<uint32_t>(w)));
  }
  EXPECT_EQ(sum, 5010199940462748865U);
}

std::vector<double> Sorted(double cut) {
  std::vector<uint32_t> words(1 << 20);
  FillRandomWords({.seed = 5}, 0, words);
  const double mass = NormalMassWithin(cut);
  std::vector<double> draws;
  for (const uint32_t word : words) {
    draws.push_back(cut > 0 ? TruncatedNormalDouble(word, cut, mass) : NormalFloat(word));
  }
  std::sort(draws.begin(), draws.end());
  return draws;
}

double Moment(const std::vector<double>& draws, int power) {
  double sum = 0;
  for (const double x : draws) sum += std::pow(x, power);
  return sum / static_cast<double>(draws.size());
}

// Kolmogorov and Smirnov's sqrt(n) * largest distance to the exact distribution: below 1.95 in 99.9 %.
template <class Cdf>
double KolmogorovSmirnov(const std::vector<double>& draws, Cdf cdf) {
  double distance = 0;
  const auto n = static_cast<double>(draws.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    const double at = cdf(draws[i]);
    distance = std::max({distance, std::abs(at - i / n), std::abs(at - (i + 1) / n)});
  }
  return distance * std::sqrt(n);
}

TEST(Normal, HasItsMomentsAndDistribution) {
  const std::vector<double> draws = Sorted(0);
  EXPECT_NEAR(Moment(draws, 1), 0, 4.0 / 1024);
  EXPECT_NEAR(Moment(draws, 2), 1, 4 * std::sqrt(2.0) / 1024);
  EXPECT_NEAR(Moment(draws, 3), 0, 4 * std::sqrt(15.0) / 1024);
  EXPECT_NEAR(Moment(draws, 4), 3, 4 * std::sqrt(96.0) / 1024);
  EXPECT_LT(KolmogorovSmirnov(draws, [](double x) { return 1 - UpperTail(x); }), 1.95);
}

TEST(Normal, MassWithinACut) {
  for (double cut = 0.01; cut < 9; cut += 0.07) {
    EXPECT_NEAR(NormalMassWithin(cut) / std::erf(cut / std::sqrt(2.0)), 1, 1e-14) << cut;
  }
  EXPECT_EQ(NormalMassWithin(0), 0);
  EXPECT_EQ(NormalMassWithin(100), 1);
}

TEST(TruncatedNormal, HasItsMomentsAndDistribution) {
  for (const double cut : {0.5, 2.0, 3.0}) {
    const std::vector<double> draws = Sorted(cut);
    const double mass = std::erf(cut / std::sqrt(2.0));
    EXPECT_GE(draws.front(), -cut);
    EXPECT_LE(draws.back(), cut);
    EXPECT_NEAR(draws.back(), cut, 1e-3);
    EXPECT_NEAR(Moment(draws, 1), 0, 4.0 / 1024);
    EXPECT_NEAR(Moment(draws, 2), 1 - 2 * cut * Density(cut) / mass, 4 * std::sqrt(2.0) / 1024);
    EXPECT_LT(KolmogorovSmirnov(draws, [&](double x) { return 0.5 + (0.5 - UpperTail(x)) / mass; }), 1.95);
  }
}

TEST(TruncatedNormal, EndsAtTheCut) {
  for (const double cut : {0.001, 1.0, 3.0, 6.0, 8.0}) {
    const double mass = NormalMassWithin(cut);
    for (const uint32_t word : {0U, 1U, 0xffffffffU, 0xfffffffeU}) {
      EXPECT_LE(std::abs(TruncatedNormalDouble(word, cut, mass)), cut);
    }
    EXPECT_EQ(TruncatedNormalDouble(7, cut, mass), -TruncatedNormalDouble(~7U, cut, mass));
  }
  EXPECT_NEAR(TruncatedNormalDouble(0, 3, NormalMassWithin(3)), -3, 1e-6);
}

}  // namespace
}  // namespace weft
