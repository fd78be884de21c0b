#include <cmath>

#include "ops/random_normal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomNormalOp& a = node.attrs<RandomNormalOp>();
  WEFT_RETURN_IF_ERROR(CheckRandom(node, 0, a.stream));
  if (!std::isfinite(a.mean)) return node.Error("mean is {}, expected a number", a.mean);
  if (!(a.scale >= 0 && std::isfinite(a.scale)))
    return node.Error("scale is {}, expected 0 or more", a.scale);
  WEFT_ASSIGN_OR_RETURN(TensorType out, DrawnType(node, a.dtype, a.shape));
  return std::vector<TensorType>{std::move(out)};
}

// Half a quotient of polynomials of degree five, and the ten rounds of a word.
double Flops(const NodeTypes& node) {
  return 40 * static_cast<double>(node.output(0).num_elements().value());
}

constexpr OperandDef kOutputs[] = {{"output"}};
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
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomNormal(RandomInputs in, int64_t stream, Dims shape, float mean, float scale, DataType dtype) {
  if (!in.seed.builder) return {};
  return in.seed.builder->Emit(RandomNormalOp{dtype, mean, scale, std::move(shape), stream},
                               {in.seed, in.step, in.row});
}

}  // namespace weft::ops
