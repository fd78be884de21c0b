#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/tanh/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef TanhOp::def = {
    .name = "Tanh",
    .since_version = 13,
    .doc = "y = tanh(x)",
    .attributes = AttributesOf<TanhOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Tanh(Var input) { return EmitOn(TanhOp{}, {input}); }

}  // namespace weft::ops
