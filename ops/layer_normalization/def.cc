#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/common/normalization_def.h"
#include "ops/layer_normalization/op.h"
#include "ops/operators.h"
#include "ops/reciprocal/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/sqrt/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<LayerNormalizationOp>();
  WEFT_ASSIGN_OR_RETURN(const NormalizationShape shape, CheckNormalization(node, attrs.axis));
  WEFT_RETURN_IF_ERROR(CheckNormalizationAttributes(node, attrs.epsilon, attrs.stash_type));
  WEFT_RETURN_IF_ERROR(CheckBroadcastsToNormalized(node, 1, shape));
  WEFT_RETURN_IF_ERROR(CheckBroadcastsToNormalized(node, 2, shape));
  const TensorType& x = node.input(0);
  const TensorType statistics{x.dtype, shape.statistics};
  return std::vector<TensorType>{x, statistics, statistics};
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<LayerNormalizationOp>();
  const Var x = in[0];
  const auto axes = NormalizedAxes(ResolvedAxis(attrs.axis, x.rank()), x.rank());
  const Var mean = ReduceMean(x, axes);
  const Var centred = x - mean;
  const Var variance = ReduceMean(centred * centred, axes);
  const Var inv_std_dev = Reciprocal(Sqrt(variance + static_cast<double>(attrs.epsilon)));
  const Var y = centred * inv_std_dev * in[1];
  out[0] = in.size() > 2 && in[2].valid() ? y + in[2] : y;
  if (out.size() > 1) out[1] = mean;
  if (out.size() > 2) out[2] = inv_std_dev;
}

// ONNX has the statistics of f64 in f32.
bool BeyondOnnx(const NodeTypes& node) {
  return node.input(0).dtype == DataType::kF64 && (node.has_output(1) || node.has_output(2));
}

double Flops(const NodeTypes& node) { return 8 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&LayerNormalizationOp::axis>("axis"),
                             F<&LayerNormalizationOp::epsilon>("epsilon"),
                             F<&LayerNormalizationOp::stash_type>("stash_type")};
static_assert(FieldCount<LayerNormalizationOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"X"}, {"Scale"}, {"B", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {
    {"Y"}, {"Mean", OperandDef::kOptional}, {"InvStdDev", OperandDef::kOptional}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef LayerNormalizationOp::def = {
    .name = "LayerNormalization",
    .since_version = 17,
    .doc = "y = (x - mean) / sqrt(variance + epsilon) * scale + bias",
    .fields = kFields,
    .attributes = AttributesOf<LayerNormalizationOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .beyond_onnx = BeyondOnnx,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b110, .wide_outputs = 0b110},
};

Var LayerNormalization(Var x, Var scale, Var bias, float epsilon, int64_t axis) {
  return EmitOn(LayerNormalizationOp{.axis = axis, .epsilon = epsilon}, {x, scale, bias});
}

}  // namespace weft::ops
