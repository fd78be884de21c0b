#include <cmath>

#include "ops/random_truncated_normal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const RandomTruncatedNormalOp& a = node.attrs<RandomTruncatedNormalOp>();
  WEFT_RETURN_IF_ERROR(CheckRandom(node, 0, a.stream));
  if (!std::isfinite(a.mean)) return node.Error("mean is {}, expected a number", a.mean);
  if (!(a.scale >= 0 && std::isfinite(a.scale)))
    return node.Error("scale is {}, expected 0 or more", a.scale);
  if (!(a.cut > 0 && std::isfinite(a.cut))) return node.Error("cut is {}, expected a positive number", a.cut);
  WEFT_ASSIGN_OR_RETURN(TensorType out, DrawnType(node, a.dtype, a.shape));
  return std::vector<TensorType>{std::move(out)};
}

double Flops(const NodeTypes& node) {
  return 40 * static_cast<double>(node.output(0).num_elements().value());
}

constexpr OperandDef kOutputs[] = {{"output"}};
constexpr Field kFields[] = {
    F<&RandomTruncatedNormalOp::dtype>("dtype"), F<&RandomTruncatedNormalOp::mean>("mean"),
    F<&RandomTruncatedNormalOp::scale>("scale"), F<&RandomTruncatedNormalOp::cut>("cut"),
    F<&RandomTruncatedNormalOp::shape>("shape"), F<&RandomTruncatedNormalOp::stream>("stream")};
static_assert(FieldCount<RandomTruncatedNormalOp>() == std::size(kFields));

}  // namespace

constinit const OpDef RandomTruncatedNormalOp::def = {
    .name = "RandomTruncatedNormal",
    .domain = "weft",
    .doc = "y = mean + scale * x, x standard normal on the condition |x| <= cut",
    .fields = kFields,
    .attributes = AttributesOf<RandomTruncatedNormalOp>(),
    .inputs = kRandomOperands,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .bytes = DrawnBytes,
    .random = true,
    .differentiable = false,
};

Var RandomTruncatedNormal(RandomInputs in, int64_t stream, Dims shape, float mean, float scale, float cut,
                          DataType dtype) {
  if (!in.seed.builder) return {};
  return in.seed.builder->Emit(RandomTruncatedNormalOp{dtype, mean, scale, cut, std::move(shape), stream},
                               {in.seed, in.step, in.row});
}

}  // namespace weft::ops
