#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sigmoid/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SigmoidOp::def = {
    .name = "Sigmoid",
    .since_version = 13,
    .doc = "y = 1 / (1 + exp(-x))",
    .attributes = AttributesOf<SigmoidOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Sigmoid(Var x) { return EmitOn(SigmoidOp{}, {x}); }

}  // namespace weft::ops
