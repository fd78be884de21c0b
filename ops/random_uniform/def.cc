#include <cmath>

#include "ops/common/cost.h"
#include "ops/random_uniform/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomUniformOp& a = node.attrs<RandomUniformOp>();
  if (!(a.low < a.high && std::isfinite(a.high - a.low))) {
    return node.Error("low is {} and high is {}, expected low < high", a.low, a.high);
  }
  return InferDrawn(node, a.stream, a.dtype, a.shape);
}

double Flops(const NodeTypes& node) { return 2 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RandomUniformOp::dtype>("dtype"), F<&RandomUniformOp::high>("high"),
                             F<&RandomUniformOp::low>("low"), F<&RandomUniformOp::shape>("shape"),
                             F<&RandomUniformOp::stream>("stream", kWeftOnly)};
static_assert(FieldCount<RandomUniformOp>() == std::size(kFields));

}  // namespace

constinit const OpDef RandomUniformOp::def = {
    .name = "RandomUniform",
    .since_version = 22,
    .doc = "y = low + (high - low) * u, u uniform in [0, 1)",
    .fields = kFields,
    .attributes = AttributesOf<RandomUniformOp>(),
    .inputs = kRandomOperands,
    .outputs = kDrawnOutput,
    .infer = Infer,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomUniform(RandomInputs in, int64_t stream, Dims shape, float low, float high, DataType dtype) {
  return EmitDraw(RandomUniformOp{dtype, high, low, std::move(shape), stream}, in);
}

}  // namespace weft::ops
