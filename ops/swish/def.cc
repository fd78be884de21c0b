#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/operators.h"
#include "ops/sigmoid/op.h"
#include "ops/swish/op.h"

namespace weft::ops {
namespace {

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const Var x = inputs[0];
  outputs[0] = x * Sigmoid(x * static_cast<double>(node.attrs<SwishOp>().alpha));
}

constexpr Field kFields[] = {F<&SwishOp::alpha>("alpha")};
static_assert(FieldCount<SwishOp>() == std::size(kFields));

}  // namespace

constinit const OpDef SwishOp::def = {
    .name = "Swish",
    .since_version = 24,
    .doc = "y = x * sigmoid(alpha * x)",
    .fields = kFields,
    .attributes = AttributesOf<SwishOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferFloatUnary,
    .decompose = InF32<Decompose>,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = [](const NodeTypes& node) -> ElementForm {
      return {ElementFunction::kSwish, node.attrs<SwishOp>().alpha};
    },
};

Var Swish(Var x, float alpha) { return EmitOn(SwishOp{.alpha = alpha}, {x}); }

}  // namespace weft::ops
