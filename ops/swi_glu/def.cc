#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/common/operand_checks.h"
#include "ops/operators.h"
#include "ops/swi_glu/op.h"
#include "ops/swish/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 1, 0));
  return std::vector<TensorType>{node.input(0)};
}

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  outputs[0] = Swish(inputs[0], node.attrs<SwiGluOp>().alpha) * inputs[1];
}

double Flops(const NodeTypes& node) { return 5 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&SwiGluOp::alpha>("alpha")};
static_assert(FieldCount<SwiGluOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"gate"}, {"up"}};
constexpr OperandDef kOutputs[] = {{"Y"}};

}  // namespace

constinit const OpDef SwiGluOp::def = {
    .name = "SwiGLU",
    .domain = "weft",
    .doc = "y = gate * sigmoid(alpha * gate) * up",
    .fields = kFields,
    .attributes = AttributesOf<SwiGluOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .flops = Flops,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = [](const NodeTypes& node) -> ElementForm {
      return {ElementFunction::kSwiGlu, node.attrs<SwiGluOp>().alpha};
    },
};

Var SwiGlu(Var gate, Var up, float alpha) { return EmitOn(SwiGluOp{.alpha = alpha}, {gate, up}); }

}  // namespace weft::ops
