// LinearCrossEntropyLoss over tiles: what a tile must not change, and which size it has.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "ops/case_inputs.h"
#include "ops/evaluate.h"
#include "ops/linear_cross_entropy_loss/op.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

using ops::CrossEntropyTileRows;
using ops::LinearCrossEntropyLossOp;

constexpr int64_t kRows = 37, kWidth = 24, kClasses = 65;

std::vector<Tensor> Compute(const LinearCrossEntropyLossOp& attributes, uint32_t optional_outputs,
                            const KernelContext& context, DataType floats = DataType::kF32) {
  using In = CaseInput;
  const std::vector<In> inputs = {In::Normal({kRows, kWidth}), In::Normal({kClasses, kWidth}),
                                  In::Integers({kRows}, -1, kClasses)};
  const auto tensors = MakeInputs(inputs, floats);
  auto outputs =
      EvaluateNode(LinearCrossEntropyLossOp::def, &attributes, Pointers(tensors), optional_outputs, context);
  EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
  return outputs.ok() ? *std::move(outputs) : std::vector<Tensor>(3);
}

class Tiles : public ::testing::TestWithParam<int64_t> {
 protected:
  LinearCrossEntropyLossOp Attributes() const { return {"mean", -1, 0.01f, GetParam()}; }
};

TEST_P(Tiles, GiveTheSameLossAndGradientsWithinRounding) {
  const std::vector<Tensor> wide = Compute(Attributes(), 0b110, {1, true}, DataType::kF64);
  for (int threads : {1, 2}) {
    const std::vector<Tensor> got = Compute(Attributes(), 0b110, {threads, false});
    for (size_t i = 0; i < 3; ++i) EXPECT_LE(RelativeError(got[i], wide[i]), 2e-6) << "output " << i;
    const std::vector<Tensor> alone = Compute(Attributes(), 0, {threads, false});
    EXPECT_LE(RelativeError(alone[0], wide[0]), 1e-6);
  }
}

TEST_P(Tiles, GiveTheSameBitsAgain) {
  const std::vector<Tensor> first = Compute(Attributes(), 0b110, {2, false});
  const std::vector<Tensor> second = Compute(Attributes(), 0b110, {2, false});
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(std::memcmp(first[i].data(), second[i].data(), first[i].size_bytes()), 0) << "output " << i;
}

// 37 rows: one tile, equal ones, a smaller last one, rows alone.
INSTANTIATE_TEST_SUITE_P(Rows, Tiles, ::testing::Values(0, 37, 100, 19, 16, 5, 1));

TEST(LinearCrossEntropyLoss, TileRows) {
  const auto rows = [](int64_t rows, int64_t classes, int64_t width, int64_t tile = 0) {
    return CrossEntropyTileRows({.tile_rows = tile}, rows, classes, width);
  };
  EXPECT_EQ(rows(2048, 10000, 512), 512);  // four tiles of 20 MB
  EXPECT_EQ(rows(8192, 50304, 768), 512);  // two thirds of the width: 16 tiles
  EXPECT_EQ(rows(768, 256, 128), 768);     // all of a small one
  EXPECT_EQ(rows(2100, 10000, 512), 432);  // five: 524 would fit; as equal as can be
  EXPECT_EQ(rows(100, 1 << 30, 16), 16);
  EXPECT_EQ(rows(0, 10, 10), 1);
  EXPECT_EQ(rows(10, 0, 0), 10);
  EXPECT_EQ(rows(2048, 10000, 512, 100), 100);
  EXPECT_EQ(rows(20, 10000, 512, 100), 20);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(rows(kMost, kMost, 3), 16);
}

}  // namespace
}  // namespace weft::test
