#include "frontends/data/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "frontends/data/random_below.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A split of n tokens 0, 1, 2, ... in shards of 7.
class Windows : public testing::Test {
 protected:
  TokenDataset Data(uint32_t n) {
    const std::string name = "n" + std::to_string(n);
    auto writer = TokenShardSetWriter::Create(directory_.path(), name, 1000, 7);
    EXPECT_TRUE(writer.ok());
    for (uint32_t i = 0; i < n; ++i) EXPECT_TRUE(writer->Append(std::span<const uint32_t>(&i, 1)).ok());
    EXPECT_TRUE(writer->Commit().ok());
    auto data = TokenDataset::OpenSplit(directory_.path(), name);
    EXPECT_TRUE(data.ok());
    return *std::move(data);
  }
  TemporaryDirectory directory_;
};

TEST_F(Windows, RandomBelowIsUniform) {
  // 3 * 2^62: a plain 64-bit remainder would give the first third twice the weight of the others.
  const uint64_t n = uint64_t{3} << 62;
  int first = 0;
  for (uint32_t i = 0; i < 3000; ++i) first += RandomBelow({1, 2, 3}, i, n) < n / 3;
  EXPECT_NEAR(first, 1000, 5 * std::sqrt(3000 * 2.0 / 9));
  std::vector<int> counts(7);
  for (uint32_t i = 0; i < 7000; ++i) ++counts[RandomBelow({9, 0, 0}, i, 7)];
  double chi2 = 0;
  for (const int count : counts) chi2 += (count - 1000.0) * (count - 1000.0) / 1000;
  EXPECT_LT(chi2, 22.5);  // 6 degrees of freedom, p = 0.001
  EXPECT_EQ(RandomBelow({1, 1, 1}, 1, 1), 0u);
}

TEST_F(Windows, TrainingWindowsDependOnSeedStepAndRowOnly) {
  const TokenDataset data = Data(100);
  const TrainWindows windows = *TrainWindows::Create(&data, 8, 5);
  EXPECT_EQ(windows.num_begins(), 92);
  std::vector<int64_t> inputs(6 * 8), targets(6 * 8);
  windows.Fill(3, 0, std::span<int64_t>(inputs), std::span<int64_t>(targets));
  // The same rows in two micro batches, and as i32.
  std::vector<int32_t> inputs2(3 * 8), targets2(3 * 8);
  for (uint32_t half = 0; half < 2; ++half) {
    windows.Fill(3, half * 3, std::span<int32_t>(inputs2), std::span<int32_t>(targets2));
    for (size_t i = 0; i < inputs2.size(); ++i) {
      EXPECT_EQ(inputs2[i], inputs[half * 24 + i]);
      EXPECT_EQ(targets2[i], targets[half * 24 + i]);
    }
  }
  for (size_t row = 0; row < 6; ++row) {
    EXPECT_EQ(inputs[row * 8], windows.Begin(3, static_cast<uint32_t>(row)));
    for (size_t i = 0; i < 8; ++i) {
      EXPECT_EQ(inputs[row * 8 + i], inputs[row * 8] + static_cast<int64_t>(i));
      EXPECT_EQ(targets[row * 8 + i], inputs[row * 8 + i] + 1);
    }
  }
  const TrainWindows other = *TrainWindows::Create(&data, 8, 6);
  std::set<int64_t> begins, others;
  for (uint32_t step = 0; step < 50; ++step) {
    begins.insert(windows.Begin(step, 0) * 1000 + windows.Begin(step, 1));
    others.insert(other.Begin(step, 0) * 1000 + other.Begin(step, 1));
  }
  EXPECT_GT(begins.size(), 45u);
  EXPECT_NE(begins, others);
}

TEST_F(Windows, EveryBeginIsDrawnEquallyOften) {
  const TokenDataset data = Data(14);
  const TrainWindows windows = *TrainWindows::Create(&data, 4, 1);
  std::vector<int> counts(10);
  for (uint32_t step = 0; step < 1000; ++step) {
    for (uint32_t row = 0; row < 10; ++row) ++counts[static_cast<size_t>(windows.Begin(step, row))];
  }
  double chi2 = 0;
  for (const int count : counts) chi2 += (count - 1000.0) * (count - 1000.0) / 1000;
  EXPECT_LT(chi2, 27.9);  // 9 degrees of freedom, p = 0.001
}

TEST_F(Windows, AsManyTokensAsOneWindowIsEnough) {
  const TokenDataset data = Data(9);
  const TrainWindows windows = *TrainWindows::Create(&data, 8, 0);
  EXPECT_EQ(windows.Begin(0, 0), 0);
  EXPECT_THAT(Message(TrainWindows::Create(&data, 9, 0).status()),
              HasSubstr("training split has 9 tokens, fewer than one window of context length 9 + 1"));
  EXPECT_THAT(Message(TrainWindows::Create(&data, 0, 0).status()), HasSubstr("context length is 0"));
}

TEST_F(Windows, EvaluationCountsEveryTokenButTheFirstOnce) {
  for (const uint32_t n : {2u, 5u, 8u, 9u, 10u, 23u}) {
    const TokenDataset data = Data(n);
    const EvalWindows windows = *EvalWindows::Create(&data, 4);
    EXPECT_EQ(windows.num_targets(), n - 1);
    std::multiset<int64_t> seen;
    // Three windows at a time: the last batch is padded with windows past the end.
    for (int64_t first = 0; first < windows.size(); first += 3) {
      std::vector<int64_t> inputs(12), targets(12);
      windows.Fill(first, std::span<int64_t>(inputs), std::span<int64_t>(targets));
      for (size_t i = 0; i < 12; ++i) {
        if (targets[i] == kIgnoreIndex) {
          EXPECT_EQ(inputs[i], 0);
          continue;
        }
        EXPECT_EQ(inputs[i] + 1, targets[i]);
        EXPECT_EQ(inputs[i] / 4, first + static_cast<int64_t>(i) / 4);  // windows do not overlap
        seen.insert(targets[i]);
      }
    }
    EXPECT_EQ(seen.size(), n - 1);
    EXPECT_EQ(std::set<int64_t>(seen.begin(), seen.end()).size(), n - 1);
    EXPECT_EQ(*seen.begin(), 1);
  }
}

TEST_F(Windows, EvaluationPadding) {
  const TokenDataset data = Data(4);
  const EvalWindows windows = *EvalWindows::Create(&data, 2);
  EXPECT_EQ(windows.size(), 2);
  std::vector<int32_t> inputs(6), targets(6);
  windows.Fill(0, std::span<int32_t>(inputs), std::span<int32_t>(targets));
  EXPECT_THAT(inputs, ElementsAre(0, 1, 2, 0, 0, 0));
  EXPECT_THAT(targets, ElementsAre(1, 2, 3, -1, -1, -1));
  const TokenDataset one = Data(1);
  EXPECT_THAT(Message(EvalWindows::Create(&one, 2).status()), HasSubstr("has 1 tokens, expected at least 2"));
}

}  // namespace
}  // namespace weft
