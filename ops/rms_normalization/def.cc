#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/common/normalization_def.h"
#include "ops/operators.h"
#include "ops/reciprocal/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/sqrt/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<RmsNormalizationOp>();
  WEFT_ASSIGN_OR_RETURN(const NormalizationShape shape, CheckNormalization(node, attrs.axis));
  WEFT_RETURN_IF_ERROR(CheckNormalizationAttributes(node, attrs.epsilon, attrs.stash_type));
  WEFT_RETURN_IF_ERROR(CheckBroadcastsToNormalized(node, 1, shape));
  const TensorType& x = node.input(0);
  return std::vector<TensorType>{x, {x.dtype, shape.statistics}};
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<RmsNormalizationOp>();
  const Var x = in[0];
  const auto axes = NormalizedAxes(ResolvedAxis(attrs.axis, x.rank()), x.rank());
  const Var inv_rms = Reciprocal(Sqrt(ReduceMean(x * x, axes) + static_cast<double>(attrs.epsilon)));
  out[0] = x * inv_rms * in[1];
  if (out.size() > 1) out[1] = inv_rms;
}

double Flops(const NodeTypes& node) { return 4 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RmsNormalizationOp::axis>("axis"), F<&RmsNormalizationOp::epsilon>("epsilon"),
                             F<&RmsNormalizationOp::stash_type>("stash_type")};
static_assert(FieldCount<RmsNormalizationOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"X"}, {"scale"}};
constexpr OperandDef kOutputs[] = {{"Y"}, {"inv_rms", OperandDef::kOptional, true}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef RmsNormalizationOp::def = {
    .name = "RMSNormalization",
    .since_version = 23,
    .doc = "y = x / sqrt(mean(x^2) + epsilon) * scale",
    .fields = kFields,
    .attributes = AttributesOf<RmsNormalizationOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b10, .wide_outputs = 0b10},
};

Var RmsNormalization(Var x, Var scale, float epsilon, int64_t axis) {
  return EmitOn(RmsNormalizationOp{.axis = axis, .epsilon = epsilon}, {x, scale});
}

}  // namespace weft::ops
