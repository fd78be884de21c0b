#include "ops/common/axis.h"
#include "ops/common/broadcast.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/operators.h"
#include "ops/reciprocal/op.h"
#include "ops/reduce_mean/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/sqrt/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<RmsNormalizationOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kFloats));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  const TensorType& x = node.input(0);
  const Dims& scale = node.input(1).shape;
  if (x.rank() == 0) return node.Error("x is a scalar, expected at least one dimension");
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, attrs.axis, x, "x"));
  if (!(attrs.epsilon >= 0)) return node.Error("epsilon is {}, expected 0 or more", attrs.epsilon);
  const Dims inner(x.shape.begin() + axis, x.shape.end());
  if (Broadcast(x.shape, scale) != x.shape) {
    return node.Error("scale has shape {}, expected {} ({} of x {})", ToString(scale), ToString(inner),
                      inner.size() == 1 ? "last dimension" : "last dimensions", ToString(x.shape));
  }
  TensorType inv_rms = x;
  for (size_t i = static_cast<size_t>(axis); i < inv_rms.shape.size(); ++i) inv_rms.shape[i] = 1;
  return std::vector<TensorType>{x, inv_rms};
}

void Expand(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<RmsNormalizationOp>();
  std::vector<int64_t> axes;
  for (int i = ResolvedAxis(attrs.axis, in[0].rank()); i < in[0].rank(); ++i) axes.push_back(i);
  const Var mean = ReduceMean(in[0] * in[0], axes);
  const Var inv_rms = Reciprocal(Sqrt(mean + static_cast<double>(attrs.epsilon)));
  out[0] = in[0] * inv_rms * in[1];
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
    .decompose = Expand,
    .flops = Flops,
    .in_place = kInPlace,
};

Var RmsNormalization(Var x, Var scale, float epsilon, int64_t axis) {
  return EmitOn(RmsNormalizationOp{.axis = axis, .epsilon = epsilon}, {x, scale});
}

}  // namespace weft::ops
