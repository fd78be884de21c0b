#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/common/operand_checks.h"
#include "ops/operators.h"
#include "ops/sigmoid/op.h"
#include "ops/swish_grad/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kFloats));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 0, 1));
  return std::vector<TensorType>{node.input(1)};
}

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const Var dy = inputs[0], x = inputs[1];
  const Var z = x * static_cast<double>(node.attrs<SwishGradOp>().alpha);
  const Var s = Sigmoid(z);
  outputs[0] = dy * (s * (1.0 + z * (1.0 - s)));
}

constexpr Field kFields[] = {F<&SwishGradOp::alpha>("alpha")};
static_assert(FieldCount<SwishGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"dY"}, {"X"}};
constexpr OperandDef kOutputs[] = {{"dX"}};

}  // namespace

constinit const OpDef SwishGradOp::def = {
    .name = "SwishGrad",
    .domain = "weft",
    .doc = "dx = dy * s * (1 + z * (1 - s)), z = alpha * x, s = sigmoid(z)",
    .fields = kFields,
    .attributes = AttributesOf<SwishGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = [](const NodeTypes& node) -> ElementForm {
      return {ElementFunction::kSwishGrad, node.attrs<SwishGradOp>().alpha};
    },
};

Var SwishGrad(Var dy, Var x, float alpha) { return EmitOn(SwishGradOp{.alpha = alpha}, {dy, x}); }

}  // namespace weft::ops
