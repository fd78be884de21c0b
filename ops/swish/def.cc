#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/operators.h"
#include "ops/sigmoid/op.h"
#include "ops/swish/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const Var x = inputs[0];
  outputs[0] = x * Sigmoid(x * static_cast<double>(node.attrs<SwishOp>().alpha));
}

constexpr Field kFields[] = {F<&SwishOp::alpha>("alpha")};
static_assert(FieldCount<SwishOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SwishOp::def = {
    .name = "Swish",
    .since_version = 24,
    .doc = "y = x * sigmoid(alpha * x)",
    .fields = kFields,
    .attributes = AttributesOf<SwishOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Decompose,
    .in_place = kInPlace,
};

Var Swish(Var x, float alpha) { return EmitOn(SwishOp{.alpha = alpha}, {x}); }

}  // namespace weft::ops
