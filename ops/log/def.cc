#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/log/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef LogOp::def = {
    .name = "Log",
    .since_version = 13,
    .doc = "y = ln(x)",
    .attributes = AttributesOf<LogOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Log(Var input) { return EmitOn(LogOp{}, {input}); }

}  // namespace weft::ops
