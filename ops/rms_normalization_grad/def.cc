#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/in_f32.h"
#include "ops/common/normalization_def.h"
#include "ops/common/sum_to.h"
#include "ops/operators.h"
#include "ops/reduce_mean/op.h"
#include "ops/rms_normalization_grad/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_ASSIGN_OR_RETURN(const NormalizationShape shape,
                        CheckNormalizationGrad(node, node.attrs<RmsNormalizationGradOp>().axis, 1));
  const TensorType& x = node.input(0);
  return std::vector<TensorType>{x, {x.dtype, shape.inner}};
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const Var x = in[0], scale = in[1], dy = in[2], r = in[3];
  if (in.size() > 4 && in[4].valid()) {
    const RmsNormalizationGradVars alone =
        RmsNormalizationGrad(x, scale, dy, r, node.attrs<RmsNormalizationGradOp>().axis);
    out[0] = in[4] + alone.dx;
    if (out.size() > 1) out[1] = alone.dscale;
    return;
  }
  const int axis = ResolvedAxis(node.attrs<RmsNormalizationGradOp>().axis, x.rank());
  const Var g = dy * scale;
  out[0] = r * (g - x * (r * r) * ReduceMean(g * x, NormalizedAxes(axis, x.rank())));
  if (out.size() > 1) out[1] = SumTo(dy * x * r, scale.shape());
}

double Flops(const NodeTypes& node) { return 9 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RmsNormalizationGradOp::axis>("axis")};
static_assert(FieldCount<RmsNormalizationGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {
    {"x"}, {"scale"}, {"dy"}, {"inv_rms"}, {"accumulator", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"dx"}, {"dscale"}};
constexpr InPlacePair kInPlace[] = {{4, 0}, {2, 0}, {0, 0}};

}  // namespace

constinit const OpDef RmsNormalizationGradOp::def = {
    .name = "RMSNormalizationGrad",
    .domain = "weft",
    .doc = "dx = r (g - x r^2 mean(g x)) + accumulator, dscale = sum dy x r; g = dy scale, r = inv_rms",
    .fields = kFields,
    .attributes = AttributesOf<RmsNormalizationGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b1010, .wide_outputs = 0b10},
};

RmsNormalizationGradVars RmsNormalizationGrad(Var x, Var scale, Var dy, Var inv_rms, int64_t axis) {
  if (!dy.valid()) return {};
  const auto out = dy.builder->EmitMany(RmsNormalizationGradOp{axis}, {x, scale, dy, inv_rms}, 0);
  return {out[0], out[1]};
}

}  // namespace weft::ops
