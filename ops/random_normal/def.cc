#include "ops/common/cost.h"
#include "ops/random_normal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomNormalOp& a = node.attrs<RandomNormalOp>();
  WEFT_RETURN_IF_ERROR(CheckNormal(node, a.mean, a.scale));
  return InferDrawn(node, a.stream, a.dtype, a.shape);
}

// Half a quotient of polynomials of degree five, and the ten rounds of a word.
double Flops(const NodeTypes& node) { return 40 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RandomNormalOp::dtype>("dtype"), F<&RandomNormalOp::mean>("mean"),
                             F<&RandomNormalOp::scale>("scale"), F<&RandomNormalOp::shape>("shape"),
                             F<&RandomNormalOp::stream>("stream", kWeftOnly)};
static_assert(FieldCount<RandomNormalOp>() == std::size(kFields));

}  // namespace

constinit const OpDef RandomNormalOp::def = {
    .name = "RandomNormal",
    .since_version = 22,
    .doc = "y = mean + scale * x, x standard normal",
    .fields = kFields,
    .attributes = AttributesOf<RandomNormalOp>(),
    .inputs = kRandomOperands,
    .outputs = kDrawnOutput,
    .infer = Infer,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomNormal(RandomInputs in, int64_t stream, Dims shape, float mean, float scale, DataType dtype) {
  return EmitDraw(RandomNormalOp{dtype, mean, scale, std::move(shape), stream}, in);
}

}  // namespace weft::ops
