#include "ops/adam_w/op.h"
#include "ops/cast/op.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"
#include "ops/equal/op.h"
#include "ops/operators.h"
#include "ops/pow/op.h"
#include "ops/sqrt/op.h"
#include "ops/where/op.h"

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

// The corrections for the first steps are computed in f64: 1 - 0.999^1 keeps four digits in f32.
struct Corrections {
  Var step_size, inverse_root, decay;
};
Corrections CorrectionsOf(Builder& b, const AdamWOp& a, Var lr, Var step) {
  const Var t = Cast(step, DataType::kF64), rate = Cast(lr, DataType::kF64);
  const auto correction = [&](float beta) { return 1 - Pow(b.Scalar(beta, DataType::kF64), t); };
  return {Cast(rate / correction(a.beta1), lr.dtype()), Cast(1 / Sqrt(correction(a.beta2)), lr.dtype()),
          Cast(1 - rate * static_cast<double>(a.weight_decay), lr.dtype())};
}

void DecomposeNode(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const AdamWOp& a = node.attrs<AdamWOp>();
  const Var param = in[0], m = in[2], v = in[3];
  const Var scale = in.size() > 6 ? in[6] : Var{};
  const double beta1 = a.beta1, beta2 = a.beta2;
  const Corrections c = CorrectionsOf(b, a, in[4], in[5]);
  const Var g = scale.valid() ? in[1] * scale : in[1];
  out[1] = m * beta1 + g * (1 - beta1);
  out[2] = v * beta2 + g * g * (1 - beta2);
  out[0] = param * c.decay -
           c.step_size * out[1] / (Sqrt(out[2]) * c.inverse_root + static_cast<double>(a.epsilon));
  if (!scale.valid()) return;
  const Var finite = Equal(scale - scale, b.Scalar(0, scale.dtype()));
  const Var old[] = {param, m, v};
  for (size_t i = 0; i < 3; ++i) out[i] = Where(finite, out[i], old[i]);
}

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
    .decompose = DecomposeNode,
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
