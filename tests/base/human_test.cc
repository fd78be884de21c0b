#include "base/human.h"

#include <gtest/gtest.h>

#include <limits>

namespace weft {
namespace {

TEST(Human, GroupedDigits) {
  EXPECT_EQ(GroupedDigits(0), "0");
  EXPECT_EQ(GroupedDigits(999), "999");
  EXPECT_EQ(GroupedDigits(-100), "-100");
  EXPECT_EQ(GroupedDigits(-1000), "-1,000");
  EXPECT_EQ(GroupedDigits(22'696'448), "22,696,448");
}

TEST(Human, Counts) {
  EXPECT_EQ(HumanCount(0), "0");
  EXPECT_EQ(HumanCount(999), "999");
  EXPECT_EQ(HumanCount(1000), "1.00k");
  EXPECT_EQ(HumanCount(999.7), "1.00k");
  EXPECT_EQ(HumanCount(12345), "12.3k");
  EXPECT_EQ(HumanCount(22696448), "22.7M");
  EXPECT_EQ(HumanCount(999999), "1.00M");
  EXPECT_EQ(HumanCount(0.25), "0.25");
  EXPECT_EQ(HumanCount(33.3333), "33.3");
  EXPECT_EQ(HumanCount(9.996e9), "10.0G");
  EXPECT_EQ(HumanCount(-1500), "-1.50k");
  EXPECT_EQ(HumanCount(3e18), "3000P");
}

TEST(Human, Bytes) {
  EXPECT_EQ(HumanBytes(512), "512 B");
  EXPECT_EQ(HumanBytes(1023), "1023 B");
  EXPECT_EQ(HumanBytes(1536), "1.50 KiB");
  EXPECT_EQ(HumanBytes(29.1 * 1048576), "29.1 MiB");
  EXPECT_EQ(HumanBytes(4294967296.0), "4.00 GiB");
}

TEST(Human, Durations) {
  EXPECT_EQ(HumanDuration(0), "0:00");
  EXPECT_EQ(HumanDuration(6.6), "0:07");
  EXPECT_EQ(HumanDuration(754), "12:34");
  EXPECT_EQ(HumanDuration(3723), "1:02:03");
  EXPECT_EQ(HumanDuration(2 * 86400 + 3 * 3600 + 4 * 60 + 5), "2d 03:04:05");
  EXPECT_EQ(HumanDuration(std::numeric_limits<double>::infinity()), "?");
  EXPECT_EQ(HumanDuration(std::numeric_limits<double>::quiet_NaN()), "?");
  EXPECT_EQ(HumanDuration(-1), "?");
}

}  // namespace
}  // namespace weft
