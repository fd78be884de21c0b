#include "base/quote.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(Quote, EscapesWhatALineCannotShow) {
  EXPECT_EQ(Quote("plain"), "'plain'");
  EXPECT_EQ(Quote(""), "''");
  EXPECT_EQ(Quote("a\nb\tc\x1b[31m"), "'a\\nb\\tc\\x1b[31m'");
  EXPECT_EQ(Quote("\xff\xc3"), "'\\xff\\xc3'");
  EXPECT_EQ(Quote("größe 🧵"), "'größe 🧵'");
  EXPECT_EQ(Quote(std::string_view("\0", 1)), "'\\x00'");
  EXPECT_EQ(Quote("abcdef", 3), "'abc'...");
  EXPECT_EQ(Quote("abc", 3), "'abc'");
}

// Against the definition: decode, then ask whether encoding gives the same bytes back.
TEST(Utf8Length, AcceptsExactlyTheShortestFormsOfScalarValues) {
  int64_t valid = 0;
  for (uint32_t lead = 0; lead < 256; ++lead) {
    for (uint32_t second = 0; second < 256; ++second) {
      for (const uint32_t third : {0x00U, 0x7fU, 0x80U, 0xa5U, 0xbfU, 0xc0U, 0xffU}) {
        const char bytes[] = {static_cast<char>(lead), static_cast<char>(second), static_cast<char>(third),
                              static_cast<char>(0x80)};
        const bool c2 = (second & 0xc0) == 0x80, c3 = (third & 0xc0) == 0x80;
        int expected = 0;
        if (lead < 0x80) expected = 1;
        const uint32_t two = (lead & 0x1f) << 6 | (second & 0x3f);
        if ((lead & 0xe0) == 0xc0 && c2 && two >= 0x80) expected = 2;
        const uint32_t three = (lead & 0xf) << 12 | (second & 0x3f) << 6 | (third & 0x3f);
        const bool surrogate = three >= 0xd800 && three < 0xe000;
        if ((lead & 0xf0) == 0xe0 && c2 && c3 && three >= 0x800 && !surrogate) expected = 3;
        const uint32_t four = (lead & 7) << 18 | (second & 0x3f) << 12 | (third & 0x3f) << 6;
        if ((lead & 0xf8) == 0xf0 && c2 && c3 && four >= 0x10000 && four < 0x110000) expected = 4;
        ASSERT_EQ(Utf8Length({bytes, 4}), expected) << lead << " " << second << " " << third;
        for (int cut = 0; cut < expected; ++cut) ASSERT_EQ(Utf8Length({bytes, static_cast<size_t>(cut)}), 0);
        valid += expected != 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(valid, 0);
}

}  // namespace
}  // namespace weft
