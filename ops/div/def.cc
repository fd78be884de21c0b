#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/div/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferBroadcast(node, kNumbers); }

constexpr OperandDef kInputs[] = {{"A"}, {"B"}};
constexpr OperandDef kOutputs[] = {{"C"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {1, 0}};

}  // namespace

constinit const OpDef DivOp::def = {
    .name = "Div",
    .since_version = 14,
    .doc = "c = a / b, broadcast; integers are cut toward zero",
    .attributes = AttributesOf<DivOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Div(Var a, Var b) { return EmitOn(DivOp{}, {a, b}); }

}  // namespace weft::ops
