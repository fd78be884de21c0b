#include <cmath>

#include "ops/random_uniform/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomUniformOp& a = node.attrs<RandomUniformOp>();
  WEFT_RETURN_IF_ERROR(CheckRandom(node, 0, a.stream));
  if (!(a.low < a.high && std::isfinite(a.high - a.low))) {
    return node.Error("low is {} and high is {}, expected low < high", a.low, a.high);
  }
  WEFT_ASSIGN_OR_RETURN(TensorType out, DrawnType(node, a.dtype, a.shape));
  return std::vector<TensorType>{std::move(out)};
}

double Flops(const NodeTypes& node) { return 2 * static_cast<double>(node.output(0).num_elements().value()); }

constexpr OperandDef kOutputs[] = {{"output"}};
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
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomUniform(RandomInputs in, int64_t stream, Dims shape, float low, float high, DataType dtype) {
  if (!in.seed.builder) return {};
  return in.seed.builder->Emit(RandomUniformOp{dtype, high, low, std::move(shape), stream},
                               {in.seed, in.step, in.row});
}

}  // namespace weft::ops
