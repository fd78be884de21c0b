#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/exp/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef ExpOp::def = {
    .name = "Exp",
    .since_version = 13,
    .doc = "y = exp(x)",
    .attributes = AttributesOf<ExpOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Exp(Var input) { return EmitOn(ExpOp{}, {input}); }

}  // namespace weft::ops
