// Every code of every format is compared with its definition, sign * 2^(e - bias) * 1.m, and every narrowing
// with the nearest of all codes, found by search.
#include "base/float_convert.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace weft {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Format {
  const char* name;
  int exponent_bits, mantissa_bits;
  bool has_infinity;  // otherwise only the all-ones code is NaN
  double (*decode)(uint32_t);
  uint32_t (*encode)(double);  // the saturating one for f8
  uint32_t (*encode_float)(float);
  bool saturates;
};

const Format kFormats[] = {
    {"bf16", 8, 7, true, [](uint32_t c) -> double { return Bf16ToFloat(static_cast<uint16_t>(c)); },
     [](double x) -> uint32_t { return DoubleToBf16(x); }, [](float x) -> uint32_t { return FloatToBf16(x); },
     false},
    {"f16", 5, 10, true, [](uint32_t c) -> double { return F16ToFloat(static_cast<uint16_t>(c)); },
     [](double x) -> uint32_t { return DoubleToF16(x); }, [](float x) -> uint32_t { return FloatToF16(x); },
     false},
    {"f8e5m2", 5, 2, true, [](uint32_t c) -> double { return F8E5M2ToFloat(static_cast<uint8_t>(c)); },
     [](double x) -> uint32_t { return DoubleToF8E5M2(x); },
     [](float x) -> uint32_t { return FloatToF8E5M2(x); }, true},
    {"f8e4m3", 4, 3, false, [](uint32_t c) -> double { return F8E4M3ToFloat(static_cast<uint8_t>(c)); },
     [](double x) -> uint32_t { return DoubleToF8E4M3(x); },
     [](float x) -> uint32_t { return FloatToF8E4M3(x); }, true},
};

double Definition(const Format& f, uint32_t code) {
  const int bias = (1 << (f.exponent_bits - 1)) - 1;
  const int top = (1 << f.exponent_bits) - 1;
  const double sign = (code >> (f.exponent_bits + f.mantissa_bits)) != 0 ? -1 : 1;
  const int e = static_cast<int>(code >> f.mantissa_bits) & top;
  const uint32_t m = code & ((1U << f.mantissa_bits) - 1);
  if (f.has_infinity && e == top) return m == 0 ? sign * kInfinity : kNan;
  if (!f.has_infinity && e == top && m == (1U << f.mantissa_bits) - 1) return kNan;
  const double fraction = std::ldexp(m, -f.mantissa_bits);
  return sign * (e == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, e - bias));
}

uint32_t SignBit(const Format& f) { return 1U << (f.exponent_bits + f.mantissa_bits); }

TEST(FloatConvert, EveryCodeDecodesToItsDefinition) {
  for (const Format& f : kFormats) {
    for (uint32_t code = 0; code < 2 * SignBit(f); ++code) {
      const double expected = Definition(f, code);
      const double actual = f.decode(code);
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(actual)) << f.name << " " << code;
      } else {
        EXPECT_EQ(actual, expected) << f.name << " " << code;
        EXPECT_EQ(std::signbit(actual), std::signbit(expected)) << f.name << " " << code;
      }
    }
  }
}

TEST(FloatConvert, EveryCodeSurvivesTheRoundTrip) {
  for (const Format& f : kFormats) {
    for (uint32_t code = 0; code < 2 * SignBit(f); ++code) {
      const double value = f.decode(code);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(f.decode(f.encode(value)))) << f.name << " " << code;
        EXPECT_TRUE(std::isnan(f.decode(f.encode_float(static_cast<float>(value))))) << f.name << code;
        continue;
      }
      if (f.saturates && std::isinf(value)) continue;  // told below
      EXPECT_EQ(f.encode(value), code) << f.name;
      EXPECT_EQ(f.encode_float(static_cast<float>(value)), code) << f.name;
    }
  }
}

// The neighbours of each midpoint between two codes decide rounding: below, at (to even) and above.
TEST(FloatConvert, RoundsToNearestEvenAroundEveryMidpoint) {
  for (const Format& f : kFormats) {
    uint32_t largest = SignBit(f) - 1;
    while (!std::isfinite(f.decode(largest))) --largest;
    for (uint32_t code = 0; code < largest; ++code) {
      const double middle = (f.decode(code) + f.decode(code + 1)) / 2;  // exact in f64
      const uint32_t even = code % 2 == 0 ? code : code + 1;
      for (const uint32_t sign : {0U, SignBit(f)}) {
        const double s = sign != 0 ? -1 : 1;
        ASSERT_EQ(f.encode(s * middle), sign | even) << f.name << " " << code;
        ASSERT_EQ(f.encode(s * std::nextafter(middle, 0)), sign | code) << f.name << " " << code;
        ASSERT_EQ(f.encode(s * std::nextafter(middle, kInfinity)), sign | (code + 1)) << f.name << code;
        const float m = static_cast<float>(middle);
        if (m != middle) continue;  // half of f32's own smallest subnormal codes cannot be told apart
        ASSERT_EQ(f.encode_float(static_cast<float>(s) * m), sign | even) << f.name << " " << code;
        ASSERT_EQ(f.encode_float(static_cast<float>(s) * std::nextafter(m, 0.0F)), sign | code) << f.name;
        ASSERT_EQ(
            f.encode_float(static_cast<float>(s) * std::nextafter(m, std::numeric_limits<float>::infinity())),
            sign | (code + 1));
      }
    }
  }
}

TEST(FloatConvert, OverflowIsInfinityInBf16AndF16) {
  EXPECT_EQ(FloatToF16(65519.996F), 0x7bff);
  EXPECT_EQ(FloatToF16(65520.0F), 0x7c00);
  EXPECT_EQ(FloatToF16(-65520.0F), 0xfc00);
  EXPECT_EQ(DoubleToF16(std::nextafter(65520.0, 0)), 0x7bff);
  EXPECT_EQ(DoubleToF16(1e300), 0x7c00);
  EXPECT_EQ(FloatToBf16(3.3961775e38F), 0x7f80);
  EXPECT_EQ(FloatToBf16(3.3961773e38F), 0x7f7f);
  EXPECT_EQ(DoubleToBf16(1e300), 0x7f80);
  EXPECT_EQ(DoubleToBf16(-kInfinity), 0xff80);
}

TEST(FloatConvert, OverflowOfF8FollowsSaturate) {
  for (const double big : {465.0, 1e6, 1e300, kInfinity}) {
    EXPECT_EQ(DoubleToF8E4M3(big), 0x7e);
    EXPECT_EQ(DoubleToF8E4M3(-big), 0xfe);
    EXPECT_EQ(DoubleToF8E4M3(big, false), 0x7f);
    EXPECT_EQ(DoubleToF8E4M3(-big, false), 0xff);
  }
  EXPECT_EQ(DoubleToF8E4M3(464, false), 0x7e);  // a tie: to even, 448
  for (const double big : {61440.0, 1e6, 1e300, kInfinity}) {
    EXPECT_EQ(DoubleToF8E5M2(big), 0x7b);
    EXPECT_EQ(DoubleToF8E5M2(-big), 0xfb);
    EXPECT_EQ(DoubleToF8E5M2(big, false), 0x7c);
    EXPECT_EQ(DoubleToF8E5M2(-big, false), 0xfc);
  }
  EXPECT_EQ(DoubleToF8E5M2(61439.0, false), 0x7b);
}

TEST(FloatConvert, NanStaysQuietAndKeepsItsSign) {
  const float signalling = std::bit_cast<float>(0xff800001U);
  EXPECT_EQ(FloatToBf16(signalling), 0xffc0);
  EXPECT_EQ(FloatToBf16(std::bit_cast<float>(0x7fc00000U)), 0x7fc0);
  EXPECT_EQ(FloatToF16(std::bit_cast<float>(0xffc00000U)), 0xfe00);
  EXPECT_EQ(std::bit_cast<uint32_t>(F16ToFloat(0x7c01)), 0x7fc02000U);
  EXPECT_EQ(FloatToF8E4M3(static_cast<float>(kNan)), 0x7f);
  EXPECT_EQ(FloatToF8E5M2(static_cast<float>(kNan), false), 0x7e);
}

// 1 + 2^-8 + 2^-40 is above the midpoint; through f32 it would land on it and fall to even.
TEST(FloatConvert, DoubleRoundsOnce) {
  EXPECT_EQ(DoubleToBf16(1 + 0x1p-8 + 0x1p-40), 0x3f81);
  EXPECT_EQ(FloatToBf16(static_cast<float>(1 + 0x1p-8 + 0x1p-40)), 0x3f80);
  EXPECT_EQ(DoubleToF16(0x1p-25 + 0x1p-70), 1);
  EXPECT_EQ(DoubleToF16(0x1p-25), 0);
  EXPECT_EQ(DoubleToF16(5e-324), 0);
}

static_assert(FloatToBf16(1.00390625F) == 0x3f80 && FloatToBf16(1.01171875F) == 0x3f82,
              "usable at compile time");

}  // namespace
}  // namespace weft
