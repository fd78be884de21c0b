#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sin/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SinOp::def = {
    .name = "Sin",
    .since_version = 22,
    .doc = "y = sin(x)",
    .attributes = AttributesOf<SinOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Sin(Var input) { return EmitOn(SinOp{}, {input}); }

}  // namespace weft::ops
