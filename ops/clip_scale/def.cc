#include <cmath>
#include <limits>

#include "ops/clip_scale/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"
#include "ops/div/op.h"
#include "ops/equal/op.h"
#include "ops/min/op.h"
#include "ops/operators.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 0, node.input(0).dtype));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 1, 0));
  const float max_norm = node.attrs<ClipScaleOp>().max_norm;
  if (!(max_norm >= 0 && std::isfinite(max_norm))) {
    return node.Error("max_norm is {}, expected 0 (no clipping) or a positive number", max_norm);
  }
  return std::vector<TensorType>{node.input(0), node.input(0)};
}

double Flops(const NodeTypes&) { return 5; }

void DecomposeNode(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const double max_norm = node.attrs<ClipScaleOp>().max_norm;
  const DataType dtype = in[0].dtype();
  const Var one = b.Scalar(1, dtype);
  const bool counted = in.size() > 1 && in[1].valid();
  const Var mean_norm = counted ? in[0] / in[1] : in[0];
  Var scale = counted ? one / in[1] : one;
  if (max_norm > 0) scale = scale * Min(one, max_norm / (mean_norm + 1e-6));
  const Var finite = Equal(mean_norm - mean_norm, b.Scalar(0, dtype));
  out[0] = Where(finite, scale, b.Scalar(std::numeric_limits<double>::quiet_NaN(), dtype));
  if (out.size() > 1) out[1] = mean_norm;
}

constexpr OperandDef kInputs[] = {{"norm"}, {"count", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"scale"}, {"mean_norm", OperandDef::kOptional}};
constexpr Field kFields[] = {F<&ClipScaleOp::max_norm>("max_norm")};
static_assert(FieldCount<ClipScaleOp>() == std::size(kFields));

}  // namespace

constinit const OpDef ClipScaleOp::def = {
    .name = "ClipScale",
    .domain = "weft",
    .doc = "scale = min(1, max_norm / (norm / count + 1e-6)) / count; NaN where norm is not finite",
    .fields = kFields,
    .attributes = AttributesOf<ClipScaleOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = DecomposeNode,
    .flops = Flops,
    .differentiable = false,
};

ClipScaleVars ClipScale(Var norm, Var count, float max_norm) {
  if (!norm.builder) return {};
  const std::vector<Var> out = norm.builder->EmitMany(ClipScaleOp{max_norm}, {norm, count}, 2);
  return {out[0], out[1]};
}

}  // namespace weft::ops
