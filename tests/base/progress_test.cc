#include "base/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProgressTest : public testing::Test {
 protected:
  ProgressOutput Output() {
    return {.write = [this](std::string_view text) { written_.emplace_back(text); },
            .now = [this] { return now_; },
            .columns = [this] { return columns_; }};
  }
  std::vector<std::string> written_;
  double now_ = 100;
  int columns_ = 80;
};

TEST_F(ProgressTest, ShowsShareRateAndTimeLeft) {
  Progress progress({.label = "encode", .total = 40 << 20, .bytes = true}, Output());
  now_ += 5;
  progress.Update(10 << 20);
  now_ += 5;
  progress.Update(20 << 20, "loss 3.2");
  progress.Finish();
  EXPECT_THAT(written_,
              ElementsAre("\rencode  25% | 10.0 MiB of 40.0 MiB | 2.00 MiB/s | 0:15 left\x1b[K",
                          "\rencode  50% | 20.0 MiB of 40.0 MiB | 2.00 MiB/s | 0:10 left | loss 3.2\x1b[K",
                          "\r\x1b[K"));
}

TEST_F(ProgressTest, WithoutATotalShowsTimeSoFar) {
  Progress progress({.label = "read", .unit = "tokens"}, Output());
  now_ += 2;
  progress.Update(3000);
  EXPECT_THAT(written_, ElementsAre("\rread  3.00k tokens | 1.50k tokens/s | 0:02\x1b[K"));
}

TEST_F(ProgressTest, RedrawsAtMostTenTimesASecond) {
  Progress progress({.label = "x", .total = 100000}, Output());
  for (int i = 1; i <= 100000; ++i) {
    now_ += 1e-4;
    progress.Update(i);
  }
  EXPECT_GE(written_.size(), 95U);
  EXPECT_LE(written_.size(), 100U);
}

TEST_F(ProgressTest, IsCutToTheTerminal) {
  columns_ = 12;
  Progress progress({.label = "größer", .total = 10}, Output());
  now_ += 1;
  progress.Update(5);
  EXPECT_THAT(written_, ElementsAre("\rgrößer  50%\x1b[K"));
}

TEST_F(ProgressTest, ClearTakesTheLineAwayAndUpdateBringsItBack) {
  Progress progress({.label = "x"}, Output());
  progress.Clear();
  EXPECT_THAT(written_, IsEmpty());
  now_ += 1;
  progress.Update(1);
  progress.Clear();
  progress.Clear();
  EXPECT_EQ(written_.size(), 2U);
  now_ += 1;
  progress.Update(2);
  EXPECT_EQ(written_.size(), 3U);
}

TEST_F(ProgressTest, IsSilentWhereThereIsNoTerminal) {
  columns_ = 0;
  {
    Progress progress({.label = "x", .total = 10}, Output());
    now_ += 100;
    progress.Update(5);
  }
  EXPECT_THAT(written_, IsEmpty());
}

TEST_F(ProgressTest, PlainLinesWhereAskedFor) {
  columns_ = 0;
  {
    Progress progress({.label = "x", .total = 10, .plain_interval = 30}, Output());
    for (int i = 1; i <= 10; ++i) {
      now_ += 10;
      progress.Update(i);
    }
  }
  EXPECT_THAT(
      written_,
      ElementsAre("x  30% | 3 of 10 | 0.10/s | 1:10 left\n", "x  60% | 6 of 10 | 0.10/s | 0:40 left\n",
                  "x  90% | 9 of 10 | 0.10/s | 0:10 left\n", "x  100% | 10 of 10 | 0.10/s | 0:00 left\n"));
}

TEST_F(ProgressTest, ShortJobsLeaveNoTrace) {
  {
    Progress progress({.label = "x", .total = 10}, Output());
    now_ += 0.05;
    progress.Update(10);
  }
  EXPECT_THAT(written_, IsEmpty());
}

}  // namespace
}  // namespace weft
