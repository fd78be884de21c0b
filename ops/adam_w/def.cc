#include "ops/adam_w/op.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"

namespace weft::ops {
namespace {

Status CheckSettings(const NodeTypes& node) {
  const AdamWOp& a = node.attrs<AdamWOp>();
  if (!(a.beta1 >= 0 && a.beta1 < 1)) return node.Error("beta1 is {}, expected 0 <= beta1 < 1", a.beta1);
  if (!(a.beta2 >= 0 && a.beta2 < 1)) return node.Error("beta2 is {}, expected 0 <= beta2 < 1", a.beta2);
  if (!(a.epsilon >= 0)) return node.Error("epsilon is {}, expected 0 or more", a.epsilon);
  if (!(a.weight_decay >= 0)) return node.Error("weight_decay is {}, expected 0 or more", a.weight_decay);
  return OkStatus();
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckSettings(node));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& param = node.input(0);
  for (size_t i = 1; i < 4; ++i) WEFT_RETURN_IF_ERROR(CheckLike(node, i, 0));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 4, param.dtype));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 5, DataType::kI64));
  WEFT_RETURN_IF_ERROR(CheckScalar(node, 6, param.dtype));
  return std::vector<TensorType>{param, param, param};
}

double Flops(const NodeTypes& node) { return 15 * NumElements(node.input(0)); }

constexpr OperandDef kInputs[] = {
    {"param"}, {"grad"}, {"m"}, {"v"}, {"lr"}, {"step"}, {"scale", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"new_param"}, {"new_m"}, {"new_v"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {2, 1}, {3, 2}};
constexpr Field kFields[] = {F<&AdamWOp::beta1>("beta1"), F<&AdamWOp::beta2>("beta2"),
                             F<&AdamWOp::epsilon>("epsilon"), F<&AdamWOp::weight_decay>("weight_decay")};
static_assert(FieldCount<AdamWOp>() == std::size(kFields));

}  // namespace

constinit const OpDef AdamWOp::def = {
    .name = "AdamW",
    .domain = "weft",
    .doc =
        "m' = b1 m + (1-b1) g; v' = b2 v + (1-b2) g^2; "
        "p' = (1 - lr wd) p - lr/(1-b1^t) m' / (sqrt(v'/(1-b2^t)) + eps); g = scale grad",
    .fields = kFields,
    .attributes = AttributesOf<AdamWOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .in_place = kInPlace,
    .differentiable = false,
};

AdamWVars AdamW(AdamWOp settings, Var param, Var grad, Var m, Var v, Var lr, Var step, Var scale) {
  if (!param.builder) return {};
  const std::vector<Var> out =
      param.builder->EmitMany(std::move(settings), {param, grad, m, v, lr, step, scale}, 0);
  return {out[0], out[1], out[2]};
}

}  // namespace weft::ops
