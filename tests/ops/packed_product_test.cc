// Products of weights that were packed: of every odd size what the weight as it was gives.
#include "ir/builder.h"
#include "ops/evaluate.h"
#include "ops/pack_weight/op.h"
#include "ops/packed_product/op.h"
#include "ops/product/op.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

Tensor Bf16(const Shape& shape, uint64_t seed) {
  return MakeInput(CaseInput::Normal(shape).As(DataType::kBF16), DataType::kBF16, seed);
}

Tensor One(const OpDef& op, const void* attributes, std::initializer_list<const Tensor*> inputs) {
  const auto outputs = EvaluateNode(op, attributes, std::vector<const Tensor*>(inputs), 0, {2, false});
  EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
  return outputs.ok() ? (*outputs)[0] : Tensor();
}

TEST(PackedProduct, IsTheProduct) {
  for (const int64_t m : {1, 2, 7, 16, 33}) {
    for (const auto& [n, k] : std::vector<std::pair<int64_t, int64_t>>{
             {64, 32}, {63, 32}, {65, 31}, {1, 1}, {130, 97}, {192, 576}, {300, 33}}) {
      SCOPED_TRACE(fmt::format("{} x {} x {}", m, n, k));
      const Tensor a = Bf16({m, k}, 1), weight = Bf16({n, k}, 2);
      const ops::PackWeightOp pack;
      const Tensor packed = One(ops::PackWeightOp::def, &pack, {&weight});
      ASSERT_EQ(packed.shape(), ToShape(ops::PackedShape(n, k)));
      const ops::PackedProductOp packed_product{n, 0.5f, true};
      const ops::ProductOp product{.trans_b = true, .alpha = 0.5f, .f32_result = true};
      const Tensor y = One(ops::PackedProductOp::def, &packed_product, {&a, &packed});
      const Tensor expected = One(ops::ProductOp::def, &product, {&a, &weight});
      ASSERT_EQ(y.dtype(), DataType::kF32);
      EXPECT_LE(RelativeError(y, expected), 1e-5);
    }
  }
}

}  // namespace
}  // namespace weft::test
