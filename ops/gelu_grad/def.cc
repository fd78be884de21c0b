#include "base/quote.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/common/operand_checks.h"
#include "ops/erf/op.h"
#include "ops/exp/op.h"
#include "ops/gelu_grad/op.h"
#include "ops/operators.h"
#include "ops/tanh/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kFloats));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 0, 1));
  const std::string& approximate = node.attrs<GeluGradOp>().approximate;
  if (approximate != "none" && approximate != "tanh") {
    return node.Error("approximate is {}, expected none or tanh", Quote(approximate));
  }
  return std::vector<TensorType>{node.input(1)};
}

Var Slope(Var x) {
  constexpr double kSqrtHalf = 0.7071067811865476, kDensityAtZero = 0.3989422804014327;
  return 0.5 * (1.0 + Erf(x * kSqrtHalf)) + x * (Exp(x * x * -0.5) * kDensityAtZero);
}

Var SlopeOfTanhForm(Var x) {
  constexpr double kSqrtTwoOverPi = 0.7978845608028654, kCubic = 0.044715;
  const Var x2 = x * x;
  const Var t = Tanh((x + x * x2 * kCubic) * kSqrtTwoOverPi);
  const Var inner = (1.0 + x2 * (3 * kCubic)) * kSqrtTwoOverPi;
  return 0.5 * (1.0 + t + x * ((1.0 - t * t) * inner));
}

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const bool tanh = node.attrs<GeluGradOp>().approximate == "tanh";
  outputs[0] = inputs[0] * (tanh ? SlopeOfTanhForm(inputs[1]) : Slope(inputs[1]));
}

constexpr Field kFields[] = {F<&GeluGradOp::approximate>("approximate")};
static_assert(FieldCount<GeluGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"dY"}, {"X"}};
constexpr OperandDef kOutputs[] = {{"dX"}};

}  // namespace

constinit const OpDef GeluGradOp::def = {
    .name = "GeluGrad",
    .domain = "weft",
    .doc = "dx = dy * Gelu'(x)",
    .fields = kFields,
    .attributes = AttributesOf<GeluGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = [](const NodeTypes& node) -> ElementForm {
      return {node.attrs<GeluGradOp>().approximate == "tanh" ? ElementFunction::kGeluTanhGrad
                                                             : ElementFunction::kGeluGrad};
    },
};

Var GeluGrad(Var dy, Var x, std::string_view approximate) {
  return EmitOn(GeluGradOp{.approximate = std::string(approximate)}, {dy, x});
}

}  // namespace weft::ops
