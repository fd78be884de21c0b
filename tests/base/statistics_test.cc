#include "base/statistics.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(StatisticsTest, QuantilesLieBetweenNeighbours) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(Median({7}), 7);
  EXPECT_EQ(Quantile({0, 10, 20, 30, 40}, 0), 0);
  EXPECT_EQ(Quantile({0, 10, 20, 30, 40}, 1), 40);
  EXPECT_DOUBLE_EQ(Quantile({40, 0, 30, 10, 20}, 0.9), 36);
  EXPECT_DOUBLE_EQ(Quantile({0, 10}, 0.1), 1);
  EXPECT_EQ(Median({}), 0);
}

}  // namespace
}  // namespace weft
