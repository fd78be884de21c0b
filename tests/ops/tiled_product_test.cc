// Products of bf16 by widened tiles, where there are several tiles in each direction, the last ones smaller.
#include "ops/common/cpu/tiled_product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/philox.h"
#include "ops/evaluate.h"
#include "ops/instruction_sets.h"
#include "ops/product/op.h"
#include "ops/widened_kernel.h"

namespace weft::test {
namespace {

// So deep that 32 rows or columns fill a tile.
constexpr int64_t kM = 70, kN = 45, kK = 17000;

Tensor Random(DataType dtype, const Shape& shape, uint32_t stream) {
  Tensor t = Tensor::Zeros(dtype, shape);
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    const RandomKey key{.seed = 7, .stream = stream};
    const double x = 2.0 * UniformFloat(RandomWord(key, static_cast<uint64_t>(i))) - 1;
    SetElementFromDouble(t, i, x);
  }
  return t;
}

struct Problem {
  bool trans_a, trans_b;
  DataType a, b, y;
  bool accumulates;
};

double At(const Tensor& t, bool transposed, int64_t i, int64_t j) {
  const int64_t columns = t.shape()[1];
  return ElementAsDouble(t, transposed ? j * columns + i : i * columns + j);
}

void CheckProblem(const Problem& p, int threads) {
  const Tensor a = Random(p.a, p.trans_a ? Shape{kK, kM} : Shape{kM, kK}, 1);
  const Tensor b = Random(p.b, p.trans_b ? Shape{kN, kK} : Shape{kK, kN}, 2);
  const Tensor bias = Random(DataType::kF32, {kN}, 3), past = Random(p.y, {kM, kN}, 4);
  Tensor y = Tensor::Zeros(p.y, {kM, kN});
  const auto operand = [](const Tensor& t) { return DenseOperand(t.dtype(), t.shape()); };
  const ops::ProductPlan plan = ops::PlanProduct(operand(a), p.trans_a, operand(b), p.trans_b, operand(y));
  const ops::OneDnnProductOptions options{.bias = 2,
                                          .accumulator = p.accumulates ? 3 : -1,
                                          .accumulator_pitch = kN,
                                          .alpha = 0.5f,
                                          .threads = threads,
                                          .a = p.a,
                                          .b = p.b,
                                          .y = p.y};
  auto kernel = ops::PrepareTiledProduct(plan, options);
  ASSERT_TRUE(kernel.ok()) << Message(kernel.status());
  const Tensor* inputs[] = {&a, &b, &bias, &past};
  Tensor* outputs[] = {&y};
  const Status run = RunOnce(**kernel, inputs, outputs);
  ASSERT_TRUE(run.ok()) << Message(run);
  const double rounding = p.y == DataType::kBF16 ? 0x1p-8 : 1e-6;
  for (int64_t i = 0; i < kM; ++i) {
    for (int64_t j = 0; j < kN; ++j) {
      double want = 0;
      for (int64_t k = 0; k < kK; ++k) want += At(a, p.trans_a, i, k) * At(b, p.trans_b, k, j);
      want = 0.5 * want + ElementAsDouble(bias, j);
      if (p.accumulates) want += At(past, false, i, j);
      const double got = At(y, false, i, j);
      ASSERT_LE(std::abs(got - want), 1e-3 + rounding * std::abs(want)) << i << ", " << j;
    }
  }
}

TEST(TiledProduct, AgreesInEveryArrangement) {
  const DataType wide = DataType::kF32, narrow = DataType::kBF16;
  CheckProblem({false, true, narrow, narrow, narrow, false}, 2);
  CheckProblem({false, false, narrow, narrow, wide, true}, 1);
  CheckProblem({true, false, narrow, narrow, wide, false}, 2);
  CheckProblem({true, true, narrow, wide, narrow, true}, 2);
  CheckProblem({false, true, wide, narrow, narrow, true}, 1);
}

TEST(TiledProduct, IsChosenWhereTheProcessorMultipliesNoBf16) {
  const ops::ProductOp attributes{.trans_b = true};
  KernelNode node;
  node.op = &ops::ProductOp::def;
  node.attributes = &attributes;
  for (int i = 0; i < 2; ++i) node.inputs.push_back(DenseOperand(DataType::kBF16, {64, 64}));
  node.outputs = {node.inputs[0]};
  const auto def = SelectCpuKernel(node, {2, false});
  ASSERT_TRUE(def.ok()) << Message(def.status());
  EXPECT_EQ((*def)->name, HasBf16Products() ? "onednn" : "onednn_tiles_bf16");
}

}  // namespace
}  // namespace weft::test
