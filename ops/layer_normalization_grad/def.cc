#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/in_f32.h"
#include "ops/common/normalization_def.h"
#include "ops/common/sum_to.h"
#include "ops/identity/op.h"
#include "ops/layer_normalization_grad/op.h"
#include "ops/operators.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_ASSIGN_OR_RETURN(const NormalizationShape shape,
                        CheckNormalizationGrad(node, node.attrs<LayerNormalizationGradOp>().axis, 2));
  const TensorType& x = node.input(0);
  return std::vector<TensorType>{x, {x.dtype, shape.inner}, {x.dtype, shape.inner}};
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const Var x = in[0], scale = in[1], dy = in[2], mean = in[3], r = in[4];
  const auto axes =
      NormalizedAxes(ResolvedAxis(node.attrs<LayerNormalizationGradOp>().axis, x.rank()), x.rank());
  const Var z = (x - mean) * r, g = dy * scale;
  out[0] = r * (g - ReduceMean(g, axes) - z * ReduceMean(g * z, axes));
  if (out.size() > 1) out[1] = SumTo(dy * z, scale.shape());
  if (out.size() > 2) out[2] = dy.shape() == scale.shape() ? Identity(dy) : SumTo(dy, scale.shape());
}

double Flops(const NodeTypes& node) { return 14 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&LayerNormalizationGradOp::axis>("axis")};
static_assert(FieldCount<LayerNormalizationGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"x"}, {"scale"}, {"dy"}, {"mean"}, {"inv_std_dev"}};
constexpr OperandDef kOutputs[] = {{"dx"}, {"dscale"}, {"dbias"}};
constexpr InPlacePair kInPlace[] = {{2, 0}, {0, 0}};

}  // namespace

constinit const OpDef LayerNormalizationGradOp::def = {
    .name = "LayerNormalizationGrad",
    .domain = "weft",
    .doc =
        "dx = r (g - mean(g) - z mean(g z)), dscale = sum dy z, dbias = sum dy; z = (x - mean) r, g = dy "
        "scale",
    .fields = kFields,
    .attributes = AttributesOf<LayerNormalizationGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b11010, .wide_outputs = 0b110},
};

LayerNormalizationGradVars LayerNormalizationGrad(Var x, Var scale, Var dy, Var mean, Var inv_std_dev,
                                                  int64_t axis) {
  if (!dy.valid()) return {};
  const auto out = dy.builder->EmitMany(LayerNormalizationGradOp{axis}, {x, scale, dy, mean, inv_std_dev}, 0);
  return {out[0], out[1], out[2]};
}

}  // namespace weft::ops
