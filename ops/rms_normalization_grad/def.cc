#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/sum_to.h"
#include "ops/operators.h"
#include "ops/reduce_mean/op.h"
#include "ops/rms_normalization_grad/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  const TensorType& x = node.input(0);
  if (x.rank() == 0) return node.Error("x is a scalar, expected at least one dimension");
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, node.attrs<RmsNormalizationGradOp>().axis, x, "x"));
  const Dims inner(x.shape.begin() + axis, x.shape.end());
  Dims row = x.shape;
  for (size_t i = static_cast<size_t>(axis); i < row.size(); ++i) row[i] = 1;
  const Dims* expected[] = {&x.shape, &inner, &x.shape, &row};
  for (size_t i = 1; i < 4; ++i) {
    if (node.input(i).shape == *expected[i]) continue;
    return node.Error("{} has shape {}, expected {} (x is {})", node.op->inputs[i].name,
                      ToString(node.input(i).shape), ToString(*expected[i]), ToString(x.shape));
  }
  return std::vector<TensorType>{x, {x.dtype, inner}};
}

void Expand(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const Var x = in[0], scale = in[1], dy = in[2], r = in[3];
  std::vector<int64_t> axes;
  for (int i = ResolvedAxis(node.attrs<RmsNormalizationGradOp>().axis, x.rank()); i < x.rank(); ++i)
    axes.push_back(i);
  const Var g = dy * scale;
  out[0] = r * (g - x * (r * r) * ReduceMean(g * x, axes));
  out[1] = SumTo(dy * x * r, scale.shape());
}

double Flops(const NodeTypes& node) { return 9 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&RmsNormalizationGradOp::axis>("axis")};
static_assert(FieldCount<RmsNormalizationGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"x"}, {"scale"}, {"dy"}, {"inv_rms"}};
constexpr OperandDef kOutputs[] = {{"dx"}, {"dscale"}};
constexpr InPlacePair kInPlace[] = {{2, 0}};

}  // namespace

constinit const OpDef RmsNormalizationGradOp::def = {
    .name = "RMSNormalizationGrad",
    .domain = "weft",
    .doc = "dx = r (g - x r^2 mean(g x)), dscale = sum dy x r; g = dy scale, r = inv_rms",
    .fields = kFields,
    .attributes = AttributesOf<RmsNormalizationGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Expand,
    .flops = Flops,
    .in_place = kInPlace,
};

RmsNormalizationGradVars RmsNormalizationGrad(Var x, Var scale, Var dy, Var inv_rms, int64_t axis) {
  if (!dy.valid()) return {};
  const auto out = dy.builder->EmitMany(RmsNormalizationGradOp{axis}, {x, scale, dy, inv_rms}, 0);
  return {out[0], out[1]};
}

}  // namespace weft::ops
