#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sqrt/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SqrtOp::def = {
    .name = "Sqrt",
    .since_version = 13,
    .doc = "y = sqrt(x)",
    .attributes = AttributesOf<SqrtOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Sqrt(Var x) { return EmitOn(SqrtOp{}, {x}); }

}  // namespace weft::ops
